// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { withStore, type StoreAccess } from "./admin/access";
import { changed, plain } from "../state-values";
import { accessKeys, accessOf, lookInStore, removeFromStore } from "./admin/state";
import { ensureTask, lookAtTask, removeTask, type TaskFound, type TaskWish } from "./admin/tasks";

/** What a task is given, as plain values. */
export interface TaskInputs extends StoreAccess, TaskWish {}

/** What it gives: the inputs and what is there. */
export interface TaskOutputs extends TaskInputs, TaskFound {}

const located = ["org", "task"] as const;
const adjustable = [...accessKeys, "flux"] as const;

export async function create(inputs: TaskInputs): Promise<{ id: string; outs: TaskOutputs }> {
  const found = await withStore(accessOf(inputs), (client) => ensureTask(client, inputs));
  return { id: `${inputs.org}/${inputs.task}`, outs: plain({ ...inputs, ...found }) };
}

export async function update(news: TaskInputs): Promise<{ outs: TaskOutputs }> {
  const found = await withStore(accessOf(news), (client) => ensureTask(client, news));
  return { outs: plain({ ...news, ...found }) };
}

/** A task that somebody switched off differs too (see `read`). */
export function diff(olds: TaskOutputs, news: TaskInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(located, olds, news);
  const isOff = olds.status === "inactive";
  return { changes: isOff || replaces.length > 0 || changed(adjustable, olds, news).length > 0, replaces };
}

/** @returns no id where the task is gone */
export async function read(id: string, props: TaskOutputs): Promise<{ id?: string; props?: TaskOutputs; inputs?: TaskInputs }> {
  const found = await lookInStore(accessOf(props), (client) => lookAtTask(client, props.taskId));
  if (found === undefined) {
    return {};
  }
  const { taskId, status, ...inputs } = { ...props, ...found };
  return { id, props: { ...inputs, taskId, status }, inputs };
}

export function remove(props: TaskOutputs): Promise<void> {
  return removeFromStore(accessOf(props), (client) => removeTask(client, props.taskId));
}
