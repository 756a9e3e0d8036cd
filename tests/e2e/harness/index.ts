// The end-to-end harness: everything a test imports.
export * from './app';
export * from './axe';
export * from './clock';
export * from './desktop';
export * from './look';
export * from './notices';
export * from './page';
export * from './picture';
export * from './places';
export { Hand, type Spot } from './pointer';
export * from './sandbox';
export * from './screen_saver';
export * from './memory';
export * from './tray';
export * from './vault';
export * from './waiting';
export * from './window';
export { isAlive, type Environment, type Running } from './programs';
