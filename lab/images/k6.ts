import { rootCertificates } from "node:tls";
import type { Entry } from "../build/archive";
import type { ImageDefinition } from "../build/image-part";
import type { Part } from "../build/part";
import { folderOf, folders, searchPath, temporary, user } from "./root";

// The user of k6's own image.
const owner = 12345;

// What scripts and people use in a runner; k6's own image has all of busybox too.
const applets = [
  ..."ash awk base64 basename cat chmod cp cut date df dirname du echo env expr false find free grep gunzip gzip head hostname id".split(
    " ",
  ),
  ..."ip kill ln ls md5sum mkdir mktemp mv nc netstat nslookup ping printf ps pwd readlink rm rmdir sed seq sh sha256sum sleep".split(
    " ",
  ),
  ..."sort stat tail tar tee test time timeout top touch tr true uname uniq vi wc wget which xargs".split(" "),
];

/** k6 with a shell, laid out like k6's own image. */
export function k6Image(k6: Part, busybox: Part): ImageDefinition {
  const links = applets.map((applet): Entry => ({ kind: "link", path: `bin/${applet}`, mode: 0o777, target: "busybox" }));
  return {
    reference: "lab.local/k6:1.1.0",
    title: "image of k6",
    config: { Entrypoint: ["k6"], User: `${owner}:${owner}`, WorkingDir: "/home/k6", Env: [searchPath, "HOME=/home/k6"] },
    entries: [
      ...folders("bin", "etc", "etc/ssl", "etc/ssl/certs", "home", "usr", "usr/bin"),
      folderOf(owner, "home/k6"),
      temporary,
      ...user("k6", owner, "/home/k6"),
      // The authorities that Node knows, Mozilla's, and not those of this machine: an image must not depend on where it was made.
      {
        kind: "file",
        path: "etc/ssl/certs/ca-certificates.crt",
        mode: 0o644,
        content: { text: `${rootCertificates.join("\n")}\n` },
      },
      { kind: "program", path: "bin/busybox", part: busybox },
      ...links,
      { kind: "program", path: "usr/bin/k6", part: k6 },
    ],
  };
}
