import type { Task } from "@influxdata/influxdb-client-apis";
import type { StoreClient } from "./client";
import { unlessMissing } from "./errors";

/** A task that shall run inside the store. */
export interface TaskWish {
  /** Names are not unique in InfluxDB; ours carries its owner. */
  task: string;
  /** Its program, with `option task`. */
  flux: string;
}

/** A task as it is. */
export interface TaskFound {
  taskId: string;
  flux: string;
  /** `inactive`: somebody switched it off. */
  status: "active" | "inactive";
}

/** Makes or takes over a task, switches it on, and removes others of its name. */
export async function ensureTask(client: StoreClient, { task, flux }: TaskWish): Promise<TaskFound> {
  const [found, ...others] = await findTasks(client, task);
  for (const { id } of others) {
    await removeTask(client, id);
  }
  if (found === undefined) {
    const orgID = await client.orgId();
    const made = await client.ask(`create task ${task}`, "write tasks, and to what the task reads and writes", () =>
      client.tasks.postTasks({ body: { orgID, flux, status: "active" } }),
    );
    return { taskId: made.id, flux, status: "active" };
  }
  if (found.flux !== flux || found.status !== "active") {
    await client.ask(`change task ${task}`, "write tasks", () =>
      client.tasks.patchTasksID({ taskID: found.id, body: { flux, status: "active" } }),
    );
  }
  return { taskId: found.id, flux, status: "active" };
}

/** The task as it is now; `undefined` where it is gone. */
export async function lookAtTask(client: StoreClient, taskID: string): Promise<TaskFound | undefined> {
  const found = await unlessMissing(client.ask("read a task", "read tasks", () => client.tasks.getTasksID({ taskID })));
  return found === undefined
    ? undefined
    : { taskId: found.id, flux: found.flux, status: found.status === "inactive" ? "inactive" : "active" };
}

/** Fine when it is gone already. */
export async function removeTask(client: StoreClient, taskID: string): Promise<void> {
  await unlessMissing(client.ask("delete a task", "write tasks", () => client.tasks.deleteTasksID({ taskID })));
}

async function findTasks(client: StoreClient, name: string): Promise<Task[]> {
  const orgID = await client.orgId();
  const answer = await client.ask(`find task ${name}`, "read tasks", () => client.tasks.getTasks({ orgID, name }));
  return answer.tasks ?? [];
}
