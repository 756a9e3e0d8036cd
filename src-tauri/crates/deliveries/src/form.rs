//! What is wrong with the form of a binding, field by field, before anything is kept.

use std::path::Path;

use keyturn_model::setup::{
    BindingSetup, FileFormat, HealthCheck, Looks, Part, Protocol, Reloading, Sending, SetupFault,
    SetupWhy,
};

use crate::{
    file::MOST_PARTS,
    template::{names, places},
};

const LONGEST_PATH: usize = 4096;
const LONGEST_KEY: usize = 256;
const LONGEST_TEXT: usize = 64 * 1024;
const LONGEST_LINE: usize = 1024;
const MOST_ARGUMENTS: usize = 64;
const MOST_STEPS: usize = 64;
const LONGEST_WAIT_S: u32 = 24 * 60 * 60;
const LONGEST_CHECK_S: u32 = 10;
/// As long as any program may run.
const LONGEST_PROGRAM_S: u32 = 60;
const MOST_RETRIES: u32 = 100;
const LONGEST_INTERVAL_S: u32 = 60 * 60;

/// What is wrong with a binding of a credential whose value has these fields. A field of the form is named by
/// its way: `sending.parts.0.text`.
#[must_use]
pub fn faults(binding: &BindingSetup, value_fields: &[&str]) -> Vec<SetupFault> {
    let mut form = Form { fields: value_fields, faults: Vec::new() };
    form.sending(&binding.sending);
    form.reloading(&binding.reloading);
    form.check(&binding.check);
    form.looks(&binding.check, binding.looks);
    for (field, seconds) in [("takesS", binding.takes_s), ("awayS", binding.away_s)] {
        form.wrong_if(field, seconds > LONGEST_WAIT_S, SetupWhy::Number);
    }
    form.faults
}

struct Form<'f> {
    fields: &'f [&'f str],
    faults: Vec<SetupFault>,
}

impl Form<'_> {
    /// Whether nothing was wrong.
    fn wrong_if(&mut self, field: &str, is_wrong: bool, why: SetupWhy) -> bool {
        if is_wrong {
            self.faults.push(SetupFault::new(field, why));
        }
        !is_wrong
    }

    fn sending(&mut self, sending: &Sending) {
        match sending {
            Sending::File { path, format, parts } => {
                self.path("sending.path", path);
                self.parts(*format, parts);
            }
            Sending::Command { program, arguments, input } => {
                self.program("sending", program, arguments);
                self.text("sending.input", input, true);
            }
            Sending::Http { address, body, content_type, private } => {
                self.address("sending.address", address, *private);
                self.text("sending.body", body, true);
                if self.line("sending.contentType", content_type, LONGEST_KEY) {
                    let is_type = content_type.contains('/') && content_type.is_ascii();
                    self.wrong_if("sending.contentType", !is_type, SetupWhy::Characters);
                }
            }
            Sending::ByHand { who, steps } => {
                self.line("sending.who", who, LONGEST_LINE);
                self.wrong_if("sending.steps", steps.is_empty(), SetupWhy::Missing);
                self.wrong_if("sending.steps", steps.len() > MOST_STEPS, SetupWhy::TooLong);
                for (index, step) in steps.iter().take(MOST_STEPS).enumerate() {
                    self.line(&format!("sending.steps.{index}"), step, LONGEST_LINE);
                }
            }
        }
    }

    fn parts(&mut self, format: FileFormat, parts: &[Part]) {
        let whole = format == FileFormat::Whole;
        let most = if whole { 1 } else { MOST_PARTS };
        self.wrong_if("sending.parts", parts.is_empty(), SetupWhy::Missing);
        self.wrong_if("sending.parts", parts.len() > most, SetupWhy::TooLong);
        for (index, part) in parts.iter().take(most).enumerate() {
            let key = format!("sending.parts.{index}.key");
            if !whole && self.line(&key, &part.key, LONGEST_KEY) {
                let twice = parts.iter().take(index).any(|other| other.key == part.key);
                let unfit = twice || !is_key(format, &part.key);
                self.wrong_if(&key, unfit, SetupWhy::Characters);
            }
            self.text(&format!("sending.parts.{index}.text"), &part.text, true);
        }
    }

    fn reloading(&mut self, reloading: &Reloading) {
        match reloading {
            Reloading::Command { program, arguments } => {
                self.program("reloading", program, arguments);
            }
            Reloading::Http { address, private } => {
                self.address("reloading.address", address, *private);
            }
            Reloading::Live | Reloading::NextRun | Reloading::Manual => {}
        }
    }

    fn looks(&mut self, check: &HealthCheck, looks: Looks) {
        let longest = match check {
            HealthCheck::Command { .. } => LONGEST_PROGRAM_S,
            _ => LONGEST_CHECK_S,
        };
        for (field, number, fits) in [
            ("looks.timeoutS", looks.timeout_s, 1..=longest),
            ("looks.retries", looks.retries, 0..=MOST_RETRIES),
            ("looks.intervalS", looks.interval_s, 1..=LONGEST_INTERVAL_S),
        ] {
            self.wrong_if(field, !fits.contains(&number), SetupWhy::Number);
        }
    }

    fn check(&mut self, check: &HealthCheck) {
        match check {
            HealthCheck::None => {}
            HealthCheck::Http { address, status, pointer, expected, private } => {
                self.address("check.address", address, *private);
                self.wrong_if("check.status", !(200..=599).contains(status), SetupWhy::Number);
                if !pointer.is_empty() && self.line("check.pointer", pointer, LONGEST_LINE) {
                    let leads = pointer.starts_with('/');
                    self.wrong_if("check.pointer", !leads, SetupWhy::Characters);
                    self.text("check.expected", expected, false);
                }
            }
            HealthCheck::Tcp { host, port } => {
                let why = keyturn_outbound::host_fault(host);
                self.faults.extend(why.map(|why| SetupFault::new("check.host", why)));
                self.wrong_if("check.port", *port == 0, SetupWhy::Number);
            }
            HealthCheck::Login { protocol, server } => {
                let faults = keyturn_outbound::login::faults(server).into_iter();
                self.faults.extend(faults.map(|SetupFault { field, why }| SetupFault {
                    field: format!("check.{field}"),
                    why,
                }));
                let named = !server.user.is_empty() || self.fields.contains(&"user");
                let nobody = !named && *protocol != Protocol::Redis;
                self.wrong_if("check.user", nobody, SetupWhy::Missing);
            }
            HealthCheck::Command { program, arguments } => {
                self.program("check", program, arguments);
            }
        }
    }

    fn path(&mut self, field: &str, path: &str) -> bool {
        let names_a_file = Path::new(path).file_name().is_some();
        self.line(field, path, LONGEST_PATH)
            && self.wrong_if(field, !Path::new(path).is_absolute() || !names_a_file, SetupWhy::Path)
    }

    fn program(&mut self, of: &str, program: &str, arguments: &[String]) {
        self.path(&format!("{of}.program"), program);
        let field = format!("{of}.arguments");
        let long = |argument: &String| argument.len() > LONGEST_PATH;
        let too_long = arguments.len() > MOST_ARGUMENTS || arguments.iter().any(long);
        self.wrong_if(&field, too_long, SetupWhy::TooLong);
        let broken = arguments.iter().any(|argument| argument.contains('\0'));
        self.wrong_if(&field, broken, SetupWhy::Characters);
    }

    fn address(&mut self, field: &str, address: &str, private: bool) {
        if let Err(why) = keyturn_outbound::check(address, private) {
            self.faults.push(SetupFault::new(field, why));
        }
    }

    /// A text with places; one that carries a value has to have at least one.
    fn text(&mut self, field: &str, text: &str, carries: bool) {
        let fits = self.wrong_if(field, text.is_empty(), SetupWhy::Missing)
            && self.wrong_if(field, text.len() > LONGEST_TEXT, SetupWhy::TooLong);
        if !fits {
            return;
        }
        let known = |places: Vec<&str>| {
            places.iter().all(|place| names(place, self.fields)) && !(carries && places.is_empty())
        };
        let good = places(text).is_some_and(known);
        self.wrong_if(field, !good, SetupWhy::Place);
    }

    fn line(&mut self, field: &str, line: &str, longest: usize) -> bool {
        self.wrong_if(field, line.trim().is_empty(), SetupWhy::Missing)
            && self.wrong_if(field, line.len() > longest, SetupWhy::TooLong)
            && self.wrong_if(field, line.contains(char::is_control), SetupWhy::Characters)
    }
}

/// Whether it can lead to a place in such a file.
fn is_key(format: FileFormat, key: &str) -> bool {
    match format {
        FileFormat::Env => {
            let fits = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            key.chars().all(fits) && !key.starts_with(|c: char| c.is_ascii_digit())
        }
        FileFormat::Ini => !key.contains(['[', ']', '=', ';', '#']) && !key.ends_with('.'),
        FileFormat::Json | FileFormat::Yaml | FileFormat::Toml => {
            key.split('.').all(|name| !name.is_empty())
        }
        FileFormat::Whole => true,
    }
}

#[cfg(test)]
mod tests;
