/** The simulator of k6-operator as a process of its own, for tests that kill it. Called with a kubeconfig and a namespace as JSON. */
import { startSimulator } from "../../simulator/simulator";

const { kubeconfig, namespace } = JSON.parse(process.argv[2]) as { kubeconfig: string; namespace: string };

void startSimulator({ kubeconfig, namespaces: [namespace] }).then(() => console.log("READY"));
