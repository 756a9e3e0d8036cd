/** Everything that a picture of the map is drawn from. */
import type { Path } from '../path';
import type { Shape } from '../shape';
import type { View } from '../view';
import type { Palette } from './palette';

export interface Scene {
  readonly shape: Shape;
  readonly view: View;
  readonly palette: Palette;
  /** What stands out; the rest steps back. */
  readonly path: Path | null;
  /** The node, or the link, that the way is about. */
  readonly about: { node: number } | { edge: number } | null;
  /** The node that the keyboard is at. */
  readonly focused: number | null;
  /** Nodes that were looked for; 1 where one was found. */
  readonly found: Uint8Array | null;
  /** What lacks its other end, and what depends on itself. */
  readonly orphans: ReadonlySet<number>;
  readonly circled: ReadonlySet<number>;
  /** A link that is being drawn by hand. */
  readonly drawn: { from: number; x: number; y: number; over: number | null } | null;
  /** This moment. */
  readonly now: number;
}

export const isAbout = ({ about }: Scene, node: number): boolean =>
  about !== null && 'node' in about && about.node === node;
