//! The contract between window and backend: every command and every event, with its types.
//!
//! The shell's adapters take their types from here and the interface's are generated from here
//! (`ui/src/lib/bindings`), so the two ends cannot drift apart.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use ts_rs::{Config, TS, TypeVisitor};

use crate::{About, Settings, SettingsView, UserError};

/// Something the window asks of the backend.
pub trait Command {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What is asked.
    type Input: DeserializeOwned + TS + 'static;
    /// What is answered.
    type Output: Serialize + TS + 'static;
}

/// Something the backend tells the window unasked.
pub trait Event {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What is told.
    type Payload: Serialize + Clone + TS + 'static;
}

/// What a command answers.
pub type Answer<C> = Result<<C as Command>::Output, UserError>;

macro_rules! contract {
    (
        commands { $($(#[$command_doc:meta])+ $command:ident = $command_name:literal: $input:ty => $output:ty;)+ }
        events { $($(#[$event_doc:meta])+ $event:ident = $event_name:literal: $payload:ty;)+ }
    ) => {
        $($(#[$command_doc])+ #[derive(Debug)] pub struct $command;
        impl Command for $command {
            const NAME: &'static str = $command_name;
            type Input = $input;
            type Output = $output;
        })+
        $($(#[$event_doc])+ #[derive(Debug)] pub struct $event;
        impl Event for $event {
            const NAME: &'static str = $event_name;
            type Payload = $payload;
        })+

        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$($command_name),+];

        /// The contract as TypeScript.
        #[must_use]
        pub fn typescript() -> String {
            let mut types = Types::default();
            $(types.command::<$command>();)+
            $(types.event::<$event>();)+
            types.visit::<UserError>();
            types.text()
        }
    };
}

contract! {
    commands {
        /// Facts of this installation.
        ReadAbout = "read_about": () => About;
        /// The settings in force.
        ReadSettings = "read_settings": () => SettingsView;
        /// Keep other settings.
        SaveSettings = "save_settings": Settings => SettingsView;
        /// Go back to the usual settings.
        ResetSettings = "reset_settings": () => SettingsView;
        /// End the program.
        Quit = "quit": () => ();
    }
    events {
        /// The settings changed.
        SettingsChanged = "settings_changed": SettingsView;
        /// The program was started again while it ran.
        SecondStart = "second_start": ();
    }
}

/// Gathers the TypeScript of the contract, each type once.
#[derive(Default)]
struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
    commands: Vec<String>,
    events: Vec<String>,
}

impl Types {
    fn command<C: Command>(&mut self) {
        self.visit::<C::Input>();
        self.visit::<C::Output>();
        let (input, output) = (C::Input::name(&self.config), C::Output::name(&self.config));
        self.commands.push(format!("  {}: {{ input: {input}, output: {output} }};", C::NAME));
    }

    fn event<E: Event>(&mut self) {
        self.visit::<E::Payload>();
        self.events.push(format!("  {}: {};", E::NAME, E::Payload::name(&self.config)));
    }

    fn text(self) -> String {
        let types: Vec<String> = self.declared.into_values().collect();
        format!(
            "// Generated from src-tauri/crates/app/src/bridge.rs by `npm run fix`; never edited.\n\n\
             {}\n\n\
             /** What the window can ask, by name. */\n\
             export interface Commands {{\n{}\n}}\n\n\
             /** What the backend tells unasked, by name. */\n\
             export interface Events {{\n{}\n}}\n",
            types.join("\n\n"),
            self.commands.join("\n"),
            self.events.join("\n"),
        )
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only a type of ours has a place of its own to be declared.
        if T::output_path().is_some() {
            let name = T::name(&self.config);
            if self.declared.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.declared.insert(name, format!("{docs}export {}", T::decl(&self.config)));
        }
        T::visit_dependencies(self);
    }
}
