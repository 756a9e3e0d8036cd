// Tests wait for a condition, never for a length of time: this is the one place that polls.

export interface Waiting {
  /** What is waited for; the sentence of a failure. */
  what: string;
  /** Milliseconds until the wait fails. */
  within?: number;
  /** What to add to the failure: the program's output, the page's text. */
  otherwise?: () => string | Promise<string>;
}

const pollEvery = 25;

/** Asks until the answer is not null, undefined, false or empty text, and returns it. */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  { what, within = 10_000, otherwise }: Waiting,
): Promise<NonNullable<Exclude<T, false | ''>>> {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false && answer !== '') {
      return answer as NonNullable<Exclude<T, false | ''>>;
    }
    if (Date.now() > deadline) {
      const more = otherwise ? `\n${await otherwise()}` : '';
      throw new Error(`Waited ${within / 1000} s for ${what}.${more}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}

/** Ends a promise that would otherwise keep a test hanging. */
export async function inTime<T>(promise: Promise<T>, waiting: Waiting): Promise<T> {
  const { what, within = 10_000, otherwise } = waiting;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), within);
  });
  const first = await Promise.race([promise.then((value) => ({ value })), late]).finally(() =>
    clearTimeout(timer),
  );
  if (first !== 'late') return first.value;
  promise.catch(() => undefined);
  const more = otherwise ? `\n${await otherwise()}` : '';
  throw new Error(`Waited ${within / 1000} s for ${what}.${more}`);
}
