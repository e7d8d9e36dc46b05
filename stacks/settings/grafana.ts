import { z } from "zod";
import { quantity, text } from "./texts";

const labels = z.record(z.string(), text(z.string())).optional();

/** A Grafana that is there already; its tokens are set with `pulumi config set --secret --path`. */
const bind = z.strictObject({
  url: z.string(),
  token: text(z.string()).optional(),
  annotationToken: text(z.string()).optional(),
  org: z.number().optional(),
  name: text(z.string()).optional(),
  storeUrl: z.string().optional(),
  namespace: z.string().optional(),
  dataSource: z.string().optional(),
  content: z.enum(["api", "sidecar", "operator", "none"]).optional(),
  sidecarLabels: labels,
  instanceLabels: labels,
  contentNamespace: z.string().optional(),
});

/** The platform's Grafana. */
export const grafana = z.strictObject({
  cpu: quantity.optional(),
  memory: quantity.optional(),
  storage: z.strictObject({ size: quantity.optional(), storageClass: z.string().optional() }).optional(),
  url: z.string().optional(),
  ingress: z
    .strictObject({
      host: z.string(),
      className: z.string().optional(),
      tlsSecret: z.string().optional(),
      controllerNamespace: z.string(),
    })
    .optional(),
  anonymousViewers: z.boolean().optional(),
  prometheus: z.boolean().optional(),
  folder: z.string().optional(),
  bind: bind.optional(),
});
