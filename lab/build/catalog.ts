import { corednsImage, pauseImage, targetImage } from "../images/small";
import { influxdbImage } from "../images/influxdb";
import { k6Image } from "../images/k6";
import { telegrafImage } from "../images/telegraf";
import { busyboxPart } from "./busybox";
import type { Toolchain } from "./go";
import { type ImageDefinition, imagePart } from "./image-part";
import { k6Part } from "./k6";
import type { Part } from "./part";
import { goParts } from "./programs";
import { randomStandinPart } from "./random";

/** Everything the lab is made of. */
export interface Catalog {
  /** Programs that run on the machine, by the name of their binary. */
  programs: Part[];
  images: { reference: string; part: Part }[];
  /** All parts, in the order in which to build them: the long ones first, images last. */
  order: Part[];
}

/** Lists the lab's parts as this checkout describes them. */
export function catalog(toolchain: Toolchain): Catalog {
  const { kube, coredns, netpol, target, pause, pulumi, nodejsHost, kubernetesProvider, influxd, telegraf } = goParts(toolchain);
  const k6 = k6Part();
  const busybox = busyboxPart();
  const random = randomStandinPart();
  const images = [
    k6Image(k6, busybox),
    influxdbImage(influxd),
    telegrafImage(telegraf),
    corednsImage(coredns),
    targetImage(target),
    pauseImage(pause),
  ].map((definition: ImageDefinition) => ({ reference: definition.reference, part: imagePart(definition) }));
  const programs = [kube, influxd, kubernetesProvider, pulumi, nodejsHost, telegraf, coredns, netpol, target, k6, random];
  return { programs, images, order: [...programs, pause, busybox, ...images.map(({ part }) => part)] };
}
