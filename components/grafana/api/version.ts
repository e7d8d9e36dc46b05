/** A version of Grafana, as far as it decides something. */
export interface GrafanaVersion {
  major: number;
  minor: number;
  /** As Grafana says it. */
  text: string;
}

/** Reads what `/api/health` says. */
export function parseVersion(text: string): GrafanaVersion | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), text };
}

/** What a version can do. */
export interface Abilities {
  /** Data sources are addressed by uid (from 9); by number before, which 13 does not have any more. */
  dataSourcesByUid: boolean;
  /** A dashboard names its folder by uid (from 9); by number before. */
  folderByUid: boolean;
  /** It reads the JSON that is rendered here (from 8.3); older ones show empty panels. */
  ourDashboards: boolean;
}

/** What a version can do. */
export function abilitiesOf({ major, minor }: GrafanaVersion): Abilities {
  return {
    dataSourcesByUid: major >= 9,
    folderByUid: major >= 9,
    ourDashboards: major > 8 || (major === 8 && minor >= 3),
  };
}
