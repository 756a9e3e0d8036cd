//! The clipboard of a real display, between programs: this test starts both, on a display of its own.

use std::{
    env,
    io::{self, BufRead, BufReader, Lines, Write},
    process::{Child, ChildStderr, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use x11rb::{
    NONE,
    connection::Connection,
    protocol::{
        Event,
        xproto::{AtomEnum, ConnectionExt, CreateWindowAux, WindowClass},
    },
    rust_connection::RustConnection,
};

use super::*;

const THIS: &str = "desktop::clipboard::on_a_display::\
                    a_secret_is_marked_stays_until_it_is_replaced_and_goes_when_it_is_cleared";
/// Says to this test that it is one of the programs.
const PROGRAM: &str = "KEYTURN_TEST_CLIPBOARD";

/// Ends what a test started, and lets it clean up.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

fn display() -> (Ending, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "64x64x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is there");
    let told = server.stdout.take().expect("piped");
    let mut number = String::new();
    BufReader::new(told).read_line(&mut number).expect("read");
    (Ending(server), format!(":{}", number.trim()))
}

/// A program with a [`SystemClipboard`] that does what it is told.
struct Program {
    child: Ending,
    answers: Lines<BufReader<ChildStderr>>,
}

impl Program {
    fn on(display: &str) -> Self {
        let mut child = Command::new(env::current_exe().expect("known"))
            .args(["--exact", THIS, "--nocapture"])
            .env(PROGRAM, "yes")
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let answers = BufReader::new(child.stderr.take().expect("piped")).lines();
        Self { child: Ending(child), answers }
    }

    fn tell(&mut self, what: &str) -> String {
        writeln!(self.child.0.stdin.as_ref().expect("piped"), "{what}").expect("told");
        self.answers.next().expect("an answer").expect("read")
    }
}

fn obey() {
    let clipboard = SystemClipboard::default();
    for line in io::stdin().lines() {
        let line = line.expect("read");
        let (what, text) = line.split_once(' ').unwrap_or((&line, ""));
        let done = match what {
            "secret" => clipboard.put(text, true),
            "plain" => clipboard.put(text, false),
            "clear" => clipboard.clear(),
            _ => {
                eprintln!("{:?}", clipboard.holds(&|found| found == text));
                continue;
            }
        };
        // A question to the display comes back when what was asked before is done.
        let _ = clipboard.holds(&|_| false);
        eprintln!("{done:?}");
    }
}

/// What a third program gets when it asks for `target`.
fn asked(connection: &RustConnection, window: u32, target: &str) -> Option<String> {
    let atom = |name: &str| {
        let asked = connection.intern_atom(false, name.as_bytes()).expect("asked");
        asked.reply().expect("an atom").atom
    };
    let (selection, into) = (atom("CLIPBOARD"), atom("ASKED"));
    connection.convert_selection(window, selection, atom(target), into, 0_u32).expect("asked");
    connection.flush().expect("sent");
    loop {
        if let Event::SelectionNotify(answer) = connection.wait_for_event().expect("answered") {
            if answer.property == NONE {
                return None;
            }
            let value = connection
                .get_property(true, window, into, AtomEnum::ANY, 0, 1024)
                .expect("asked")
                .reply()
                .expect("a value");
            return Some(String::from_utf8(value.value).expect("text"));
        }
    }
}

#[test]
fn a_secret_is_marked_stays_until_it_is_replaced_and_goes_when_it_is_cleared() {
    if env::var_os(PROGRAM).is_some() {
        return obey();
    }
    let (_server, display) = display();
    let (connection, screen) = x11rb::connect(Some(&display)).expect("a display");
    let root = connection.setup().roots[screen].root;
    let window = connection.generate_id().expect("an id");
    connection
        .create_window(
            0,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            0,
            &CreateWindowAux::new(),
        )
        .expect("a window");
    let asked = |target| asked(&connection, window, target);
    const TEXT: &str = "UTF8_STRING";
    const HINT: &str = "x-kde-passwordManagerHint";
    let (mut ours, mut other) = (Program::on(&display), Program::on(&display));

    assert_eq!(ours.tell("holds fixture"), "Ok(false)", "an empty clipboard");
    assert_eq!(ours.tell("secret fixture"), "Ok(())");
    assert_eq!(asked(TEXT).as_deref(), Some("fixture"));
    assert_eq!(asked(HINT).as_deref(), Some("secret"));
    assert_eq!(ours.tell("holds fixture"), "Ok(true)");
    assert_eq!(other.tell("holds fixture"), "Ok(true)");

    assert_eq!(other.tell("plain something else"), "Ok(())");
    assert_eq!(asked(HINT), None);
    assert_eq!(ours.tell("holds fixture"), "Ok(false)");
    assert_eq!(ours.tell("holds something else"), "Ok(true)");

    assert_eq!(ours.tell("secret fixture"), "Ok(())");
    assert_eq!(ours.tell("clear"), "Ok(())");
    assert_eq!(asked(TEXT), None);
    assert_eq!(other.tell("holds fixture"), "Ok(false)");
}
