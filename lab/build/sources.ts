import { join } from "node:path";

/** The lab's folder in this checkout; the parts' sources are in it. */
export const labFolder = join(__dirname, "..");

/** Where the Go modules of the parts are. */
export const goModules = join(labFolder, "go");
