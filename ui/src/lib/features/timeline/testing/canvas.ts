/** A canvas that keeps what is done to it instead of drawing. */
export interface Call {
  does: string;
  with: readonly unknown[];
  fill: unknown;
}

export function recorded(): { context: CanvasRenderingContext2D; calls: Call[] } {
  const calls: Call[] = [];
  const state: Record<string, unknown> = {};
  const context = new Proxy(state, {
    get: (_, name: string) => {
      if (name in state) return state[name];
      return (...given: unknown[]) => {
        calls.push({ does: name, with: given, fill: state['fillStyle'] });
        return name === 'measureText' ? { width: String(given[0]).length * 7 } : undefined;
      };
    },
    set: (_, name: string, value) => {
      state[name] = value;
      return true;
    },
  });
  return { context: context as unknown as CanvasRenderingContext2D, calls };
}
