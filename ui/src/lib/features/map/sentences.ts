/** The map in sentences: for who cannot see it, and for what a box has no room for. */
import { KIND_NAMES } from '$lib/words/kinds';
import { ORPHANS, reloadOfMany } from '$lib/words/map';
import { STATUS } from '$lib/words/status';
import { count } from '$lib/words/times';
import { nameOf } from './drawing/nodes';
import { reloadOf } from './rows';
import { countIn, linksAt, of, type Shape } from './shape';

/** What the whole picture shows. */
export function mapSummary(shape: Shape): string {
  const { orphans, circles } = shape.picture;
  const parts = [
    count(countIn(shape, 0), 'issuer'),
    count(countIn(shape, 1), 'credential'),
    count(countIn(shape, 2), 'consumer'),
  ];
  const gaps = orphans.length > 0 ? ` ${count(orphans.length, 'orphan')}.` : '';
  const rings = circles.length > 0 ? ` ${count(circles.length, 'circle')}.` : '';
  return `Map of ${parts.join(', ')}.${gaps}${rings}`;
}

const COLUMN_NAMES = ['Issuer', 'Credential', 'Consumer', 'Reload'] as const;

/** A node, as it is read aloud when the keyboard comes to it. */
export function describeNode(shape: Shape, node: number): string {
  const { nodes } = shape.picture;
  const [kind, status, column] = [nodes.kind[node], nodes.status[node], of(nodes.column, node)];
  const reload = reloadOf(shape, node);
  const linked = [
    column > 0 ? `from ${linksAt(shape.before, node).length}` : '',
    column < 2 ? `to ${linksAt(shape.after, node).length}` : '',
  ].filter(Boolean);
  return [
    nameOf(shape, node),
    kind ? KIND_NAMES[kind] : COLUMN_NAMES[column],
    of(nodes.count, node) > 1 && column > 0
      ? count(of(nodes.count, node), 'of them', 'of them')
      : '',
    status ? STATUS[status].name : '',
    reload === null ? '' : reloadText(shape, reload),
    `links ${linked.join(', ')}`,
    noteOf(shape, node),
  ]
    .filter(Boolean)
    .join(', ');
}

export const reloadText = ({ picture: { nodes } }: Shape, reload: number): string =>
  reloadOfMany({
    reload: nodes.reload[reload] ?? 'live',
    restarts: of(nodes.restarts, reload),
    awayS: of(nodes.awayS, reload),
  });

/** What is wrong with a node, or ties it to others beside its links. */
export function noteOf(shape: Shape, node: number): string {
  const { orphans, circles, back, nodes } = shape.picture;
  const key = nodes.key[node] ?? '';
  const lacks = orphans.find((one) => one.key === key);
  const logins = back.filter(([from]) => from === node).map(([, to]) => nameOf(shape, to));
  const used = back.filter(([, to]) => to === node).map(([from]) => nameOf(shape, from));
  return [
    lacks ? ORPHANS[lacks.why].text : '',
    logins.length > 0 ? `${logins.join(', ')} logs in with it` : '',
    used.length > 0 ? `Logs in with ${used.join(', ')}` : '',
    circles.some((circle) => circle.includes(key)) ? 'Depends on itself in a circle' : '',
  ]
    .filter(Boolean)
    .join('; ');
}
