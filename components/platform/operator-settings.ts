import { type Problem, Problems } from "../errors";
import { operatorProblems } from "../operator/arguments";
import type { OperatorSettings } from "../operator/settings";

/** The k6-operator of a platform. It acts in the platform's namespace and nowhere else. */
export interface PlatformOperatorSettings extends OperatorSettings {
  /**
   * Namespace of the operator: with `adopt` the one that it is in, else one that is created. Not the platform's own, where runs could fill
   * the quota and keep the operator from coming back. @default the platform's with "-operator"
   */
  namespace?: string;
}

/** The namespace of a platform's operator. */
export function operatorNamespace(platform: string, { namespace }: PlatformOperatorSettings): string {
  return namespace ?? `${platform}-operator`;
}

/** What is wrong with a platform's operator, each with its property. */
export function platformOperatorProblems(platform: string, settings: PlatformOperatorSettings): readonly Problem[] {
  const problems = new Problems();
  if (settings.adopt === true && settings.namespace === undefined) {
    problems.add("namespace", "is missing: with `adopt: true`, say in which namespace the operator is.");
  }
  if (settings.adopt !== true && operatorNamespace(platform, settings) === platform) {
    problems.add(
      "namespace",
      `is "${platform}", the platform's own, where runs could fill the quota and keep the operator from coming back. ` +
        "Use another one, or leave it out.",
    );
  }
  operatorProblems(settings).forEach(({ path, reason }) => problems.add(path, reason));
  return problems.all;
}
