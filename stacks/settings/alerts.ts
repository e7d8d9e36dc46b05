import { alertNames } from "pulumi-k6/dist/alerts/rules/rule";
import { z } from "zod";
import { text } from "./texts";

const labels = z.record(z.string(), text(z.string())).optional();
const limit = z.number().optional();

/** Alerts on the platform, for a Prometheus that prometheus-operator runs. */
export const alerts = z.strictObject({
  prometheus: z.strictObject({ namespace: z.string(), podLabels: labels }),
  objectLabels: labels,
  alertLabels: labels,
  runbookUrl: z.string().optional(),
  scrapeSeconds: limit,
  limits: z
    .strictObject({
      operatorErrors: limit,
      operatorBusySeconds: limit,
      runOverdueSeconds: limit,
      endlessRunSeconds: limit,
      gatewayBufferShare: limit,
      storeShare: limit,
    })
    .optional(),
  forSeconds: z.partialRecord(z.enum(alertNames), z.number()).optional(),
  without: z.array(z.enum(alertNames)).optional(),
});
