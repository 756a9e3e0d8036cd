/** Why the vault is locked and what becomes of its rotations, in words that name nothing. */
import type { Locked, LockedRotations } from '$lib/bindings';
import { count, time } from '$lib/words/times';

export function lockedText({ because, at, rotations }: Locked, idleMinutes: number): string {
  const why = {
    asked: '',
    idle: ` after ${idleMinutes} min idle`,
    sleep: ', as the computer went to sleep',
    screen: ', as the screen was locked',
  };
  const locked = `Locked at ${time(at)}${why[because]}.`;
  return rotations ? `${locked} ${rotationsText(rotations)}` : locked;
}

function rotationsText({ goOn, open, needYou, bothWork }: LockedRotations): string {
  if (!goOn) {
    const waiting = `${count(open, 'rotation waits', 'rotations wait')} until you unlock.`;
    return bothWork ? `${waiting} Both keys work meanwhile.` : waiting;
  }
  const stopped = needYou > 0 ? [`${count(needYou, 'needs you', 'need you')}`] : [];
  const underWay = open > needYou ? [`${count(open - needYou, 'under way', 'under way')}`] : [];
  const numbers = [...underWay, ...stopped].join(', ');
  return `Rotations go on while this is locked${numbers && `: ${numbers}`}.`;
}
