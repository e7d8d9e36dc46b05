import { ageColumn, definition, type Definition } from "./definition";
import { kubernetesSchema } from "./kubernetes-schema";
import { initializerSchema, runnerSchema, starterSchema } from "./pod";
import type { Schema } from "./schema";
import { conditions, flag, int32, list, object, oneOf, text } from "./schema";

/** Where a TestRun stands; none before the controller has seen it. */
export const stages = ["initialization", "initialized", "created", "started", "stopped", "finished", "error"] as const;

const name: Schema = { ...text, minLength: 1 };

// An empty script leaves the controller waiting for ever.
const script: Schema = {
  ...object({
    configMap: object({ name, file: text }, ["name"]),
    volumeClaim: object({ name, file: text, readOnly: flag }, ["name"]),
    localFile: name,
  }),
  anyOf: [{ required: ["configMap"] }, { required: ["volumeClaim"] }, { required: ["localFile"] }],
};

/** Booleans that k6-operator's Go types hold as text. */
const textFlag = oneOf("true", "false");

const scuttle = object({
  enabled: text,
  envoyAdminApi: text,
  neverKillIstio: flag,
  neverKillIstioOnFailure: flag,
  disableLogging: flag,
  startWithoutEnvoy: flag,
  waitForEnvoyTimeout: text,
  istioQuitApi: text,
  genericQuitEndpoint: text,
  quitWithoutEnvoyTimeout: text,
});

const spec = object(
  {
    script,
    // Below 1 the controller fails on it again and again without a word in the status.
    parallelism: { ...int32, minimum: 1 },
    separate: flag,
    arguments: text,
    args: { ...list(text), "x-kubernetes-list-type": "atomic" },
    ports: list(kubernetesSchema("V1ContainerPort")),
    initializer: initializerSchema,
    starter: starterSchema,
    runner: runnerSchema,
    quiet: textFlag,
    paused: textFlag,
    scuttle,
    cleanup: oneOf("post"),
    testRunId: text,
    token: text,
  },
  ["script", "parallelism"],
);

const status = object({ stage: oneOf(...stages), conditions, testRunId: text, aggregationVars: text });

// Objects of a run are called <name>-initializer and <name>-service-<index>, and their names are DNS labels of 63 characters at most;
// a longer name would only fail when half of the run is there.
const nameRule = {
  rule: "size(self.metadata.name) <= 51 && size(self.metadata.name) + size(string(self.spec.parallelism)) <= 54 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
  message:
    "metadata.name makes the names of Jobs and Services: use lower-case letters, digits and '-', starting with a letter, at most 51 characters together with parallelism's digits 54",
};

/** The kind that runs a k6 script once, on `parallelism` runners. */
export const testRunDefinition: Definition = definition({
  kind: "TestRun",
  singular: "testrun",
  plural: "testruns",
  columns: [
    { name: "Stage", type: "string", jsonPath: ".status.stage" },
    { name: "Runners", type: "integer", jsonPath: ".spec.parallelism" },
    ageColumn,
  ],
  schema: {
    ...object({ apiVersion: text, kind: text, metadata: { type: "object" }, spec, status }, ["spec"]),
    "x-kubernetes-validations": [nameRule],
  },
});
