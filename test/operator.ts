/**
 * Runs the contract of engines against k6-operator itself, whose images are in no package registry: give archives of them as arguments, or
 * load them into the test lab before (`PULUMI_K6_LAB=test npm run lab -- load IMAGE.tar`).
 */
import { execa } from "execa";
import { defaultImage, starterImageOf, testedVersion } from "../components/operator/image";
import { labEnvironment } from "../lab/env";

async function main(archives: string[]): Promise<number> {
  const lab = [process.execPath, "-r", "ts-node/register", "lab/main.ts"];
  const run = async (command: string[], env: Record<string, string> = {}): Promise<number> => {
    const [program = "", ...args] = command;
    const { exitCode } = await execa(program, args, { reject: false, stdio: "inherit", env });
    return exitCode ?? 1;
  };
  for (const command of [[...lab, "up"], ...archives.map((archive) => [...lab, "load", archive])]) {
    if ((await run(command)) !== 0) {
      return 1;
    }
  }
  const starter = process.env["STARTER_IMAGE"] ?? starterImageOf(defaultImage, testedVersion);
  const { stdout } = await execa(lab[0], [...lab.slice(1), "status"], { reject: false });
  const missing = [defaultImage, starter].filter((image) => !stdout.split(/\s+/).includes(image));
  if (missing.length > 0) {
    console.error(
      `not in the test lab: ${missing.join(", ")}. Pull and save the image elsewhere, and give its archive: make test-operator IMAGES="controller.tar starter.tar".`,
    );
    return 1;
  }
  console.log(`testing against k6-operator itself: ${defaultImage}, starter ${starter}`);
  return run(["npx", "mocha", "test/lab/engines/engines.test.ts"], {
    ...labEnvironment(),
    OPERATOR: "real",
    STARTER_IMAGE: starter,
  });
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
