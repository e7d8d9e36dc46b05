import { main } from "@pulumi/pulumi/provider";
import { RandomStandin } from "./provider";

void main(new RandomStandin(), process.argv.slice(2));
