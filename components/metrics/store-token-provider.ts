// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import { withStore, type StoreAccess } from "./admin/access";
import { unheld } from "./admin/holders";
import { changed, plain } from "../state-values";
import { accessKeys, accessOf, lookInStore, removeFromStore } from "./admin/state";
import {
  ensureToken,
  isTokenStanding,
  revokeDescribed,
  revokeToken,
  unrotatedDescription,
  type ScopedToken,
  type TokenWish,
} from "./admin/tokens";

/** What a token is given, as plain values. */
export interface TokenInputs extends StoreAccess, TokenWish {
  /** Whether the whole store is this stack's, so that tokens of earlier versions, which did not say whose they are, are too. */
  exclusive: boolean;
  /** Namespace of the pods that work with it, in the cluster of `kubeconfig` and `context`. @default there are none to wait for */
  holdersIn?: string;
}

/** What it gives: the inputs and the token. */
export interface TokenOutputs extends TokenInputs, ScopedToken {}

// A token cannot be changed: another one is made, and this one is revoked when all that used it have the other.
const fixed = ["org", "action", "buckets", "owner", "rotation"] as const;

export async function create(inputs: TokenInputs): Promise<{ id: string; outs: TokenOutputs }> {
  const made = await withStore(accessOf(inputs), (client) => ensureToken(client, inputs));
  return { id: made.tokenId, outs: plain({ ...inputs, ...made }) };
}

export async function update(olds: TokenOutputs, news: TokenInputs): Promise<{ outs: TokenOutputs }> {
  const { tokenId, token } = olds;
  const kept = await withStore(accessOf(news), (client) => ensureToken(client, news, { tokenId, token }));
  return { outs: plain({ ...news, ...kept }) };
}

export function diff(
  olds: TokenOutputs,
  news: TokenInputs,
): { changes: boolean; replaces: string[]; deleteBeforeReplace: boolean } {
  const replaces = changed(fixed, olds, news);
  return {
    changes: replaces.length > 0 || changed([...accessKeys, "holdersIn"], olds, news).length > 0,
    replaces,
    deleteBeforeReplace: false,
  };
}

/** @returns no id where the token is gone, switched off or of a bucket that is no more, so that a new one is made */
export async function read(
  id: string,
  props: TokenOutputs,
): Promise<{ id?: string; props?: TokenOutputs; inputs?: TokenInputs }> {
  const stands = await lookInStore(accessOf(props), (client) => isTokenStanding(client, props, props.tokenId));
  if (stands !== true) {
    return {};
  }
  const inputs: Partial<TokenOutputs> = { ...props };
  delete inputs.tokenId;
  delete inputs.token;
  return { id, props, inputs: inputs as TokenInputs };
}

export async function remove(props: TokenOutputs): Promise<void> {
  const { kubeconfig, context, holdersIn } = props;
  if (holdersIn !== undefined) {
    await unheld(plain({ kubeconfig, context, namespace: holdersIn }), props.tokenId);
  }
  await removeFromStore(accessOf(props), async (client) => {
    await revokeToken(client, props.tokenId);
    if (props.exclusive) {
      await revokeDescribed(client, [unrotatedDescription(props)]);
    }
  });
}
