// Generated from src-tauri/crates/app/src/bridge.rs by `npm run fix`; never edited.

/**
 * What runs here and where it keeps its own files.
 */
export type About = { 
/**
 * The version of this program.
 */
version: string, 
/**
 * The operating system and the processor it was built for.
 */
system: string, 
/**
 * Where the settings are.
 */
settingsFile: string, 
/**
 * Where the log is.
 */
logFolder: string, 
/**
 * How much the log tells.
 */
logLevel: string, 
/**
 * Why no log is written.
 */
logProblem: UserError | null, };

/**
 * The errors that have words of their own.
 */
export type MessageKey = "settings.broken" | "settings.newer" | "settings.unreadable" | "settings.unwritable" | "log.unwritable" | "internal";

/**
 * Every choice there is.
 */
export type Settings = { 
/**
 * How the window is coloured.
 */
theme: Theme, };

/**
 * The settings in force and, when they are not those of the file, why.
 */
export type SettingsView = { 
/**
 * The settings in force.
 */
settings: Settings, 
/**
 * Why the file's own settings are not in force.
 */
problem: UserError | null, };

/**
 * How the window is coloured.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What went wrong, as the interface needs it to say what happened, what is lost and what next.
 */
export type UserError = { 
/**
 * Stays the same across versions; a user can quote it.
 */
code: string, 
/**
 * The three sentences of this error in the interface's words.
 */
messageKey: MessageKey, 
/**
 * Whether doing the same again can help.
 */
retryable: boolean, 
/**
 * Names and places that fill the sentences.
 */
details: { [key in string]: string }, };

/** What the window can ask, by name. */
export interface Commands {
  read_about: { input: null, output: About };
  read_settings: { input: null, output: SettingsView };
  save_settings: { input: Settings, output: SettingsView };
  reset_settings: { input: null, output: SettingsView };
  quit: { input: null, output: null };
}

/** What the backend tells unasked, by name. */
export interface Events {
  settings_changed: SettingsView;
  second_start: null;
}
