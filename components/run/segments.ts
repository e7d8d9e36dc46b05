/**
 * Boundaries of `runners` equal execution segments, for k6's `--execution-segment-sequence`: `"0,1/3,2/3,1"`.
 *
 * Fractions, never decimals: k6 computes with them exactly, so that no VU and no iteration is lost or run twice.
 */
export function segmentSequence(runners: number): string {
  return Array.from({ length: runners + 1 }, (_, i) => boundary(i, runners)).join(",");
}

function boundary(i: number, runners: number): string {
  if (i === 0) {
    return "0";
  }
  return i === runners ? "1" : `${i}/${runners}`;
}
