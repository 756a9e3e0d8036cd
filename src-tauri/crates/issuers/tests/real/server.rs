//! A server that is started for one test and stopped with it.

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use keyturn_model::setup::{Server, Tls};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The password of whoever may do everything.
pub(crate) const ADMIN: &str = "fixture of the one who may do everything";

/// How a server is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Clear,
    Tls,
}

pub(crate) struct Running {
    child: Child,
    stop: &'static str,
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        // By a signal that lets it clean up; then it is waited for. The shell brings its own `kill`.
        let kill = format!("kill {} {}", self.stop, self.child.id());
        let asked = Command::new("sh").args(["-c", &kill]).status();
        let tries = if asked.is_ok_and(|it| it.success()) { 100 } else { 0 };
        for ended in std::iter::repeat_with(|| self.child.try_wait()).take(tries) {
            if !matches!(ended, Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// How it is reached as this user.
    pub(crate) fn server(&self, user: &str) -> Server {
        Server {
            host: "127.0.0.1".into(),
            port: self.port,
            database: String::new(),
            user: user.into(),
            tls: Tls::Off,
        }
    }

    /// All that it has said.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.path().join("log")).unwrap()).into_owned()
    }
}

/// Starts PostgreSQL.
pub(crate) async fn postgres(way: Way) -> Running {
    let place = Place::new();
    let data = place.path("data");
    fs::write(place.path("password"), ADMIN).unwrap();
    let init = place
        .command(&newest("/usr/lib/postgresql", "bin/initdb"))
        .args([
            "--username=admin",
            "--auth=scram-sha-256",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            &format!("--pwfile={}", place.path("password").display()),
            &format!("--pgdata={}", data.display()),
        ])
        .output()
        .expect("initdb runs");
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let mut command = place.command(&newest("/usr/lib/postgresql", "bin/postgres"));
    command.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1"]);
    command.args(["-c", "unix_socket_directories=", "-c", "fsync=off"]);
    command.args(["-c", "max_connections=300", "-c", "log_statement=all"]);
    command.args(["-c", "log_min_duration_statement=0", "-c", "log_connections=on"]);
    if way == Way::Tls {
        let [certificate, key] = place.certificate();
        command.args(["-c", "ssl=on", "-c", &format!("ssl_cert_file={}", certificate.display())]);
        command.args(["-c", &format!("ssl_key_file={}", key.display())]);
    }
    place.start(command, "-INT", |port| vec!["-p".into(), port.to_string()]).await
}

/// Starts MariaDB.
pub(crate) async fn mariadb(way: Way) -> Running {
    let place = Place::new();
    let data = format!("--datadir={}", place.path("data").display());
    let init = place
        .command(Path::new("mariadb-install-db"))
        .args([
            "--no-defaults",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
            &data,
        ])
        .output()
        .expect("mariadb-install-db runs");
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let mut command = place.command(&from_path(&["mariadbd", "/usr/sbin/mariadbd"]));
    command.args(["--no-defaults", "--bind-address=127.0.0.1", &data]);
    for (option, name) in
        [("--socket", "socket"), ("--pid-file", "pid"), ("--general-log-file", "statements")]
    {
        command.arg(format!("{option}={}", place.path(name).display()));
    }
    command.args(["--general-log", "--skip-networking=0"]);
    if way == Way::Tls {
        let [certificate, key] = place.certificate();
        command.arg(format!("--ssl-cert={}", certificate.display()));
        command.arg(format!("--ssl-key={}", key.display()));
    }
    place.start(command, "-TERM", |port| vec![format!("--port={port}")]).await
}

/// Starts Redis with a file for its access list.
pub(crate) async fn redis(way: Way) -> Running {
    let place = Place::new();
    let list = place.path("users");
    fs::write(&list, format!("user default on >{ADMIN} ~* &* +@all\n").replace(ADMIN, &joined()))
        .unwrap();
    place.give(&list);
    let mut command = place.command(Path::new("redis-server"));
    command.args(["--bind", "127.0.0.1", "--save", "", "--aclfile"]).arg(list);
    if way == Way::Tls {
        let [certificate, key] = place.certificate();
        command.args(["--tls-auth-clients", "no", "--tls-cert-file"]).arg(&certificate);
        command.arg("--tls-key-file").arg(key).arg("--tls-ca-cert-file").arg(certificate);
        let ports = |port: u16| ["--port", "0", "--tls-port", &port.to_string()].map(String::from);
        return place.start(command, "-TERM", |port| ports(port).into()).await;
    }
    place.start(command, "-TERM", |port| vec!["--port".into(), port.to_string()]).await
}

/// A password without spaces, for access lists.
pub(crate) fn joined() -> String {
    ADMIN.replace(' ', "-")
}

const NOBODY: (u32, u32) = (65534, 65534);

struct Place {
    folder: TempDir,
    owner: Option<(u32, u32)>,
}

impl Place {
    /// A folder. Servers will not run as root: then it is nobody's.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let is_root = folder.path().metadata().unwrap().uid() == 0;
        let place = Self { owner: is_root.then_some(NOBODY), folder };
        place.give(place.folder.path());
        place
    }

    fn give(&self, path: &Path) {
        if let Some((user, group)) = self.owner {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }

    /// A certificate for `localhost` that nobody else has signed, and its key.
    fn certificate(&self) -> [PathBuf; 2] {
        let config = self.path("openssl");
        let says = "[req]\ndistinguished_name = name\nx509_extensions = more\nprompt = no\n\
            [name]\nCN = localhost\n\
            [more]\nsubjectAltName = DNS:localhost\nbasicConstraints = CA:FALSE\n";
        fs::write(&config, says).unwrap();
        let made = [self.path("certificate"), self.path("key")];
        let mut command = self.command(Path::new("openssl"));
        command.args(["req", "-x509", "-nodes", "-newkey", "ec", "-days", "2"]);
        command.args(["-pkeyopt", "ec_paramgen_curve:prime256v1", "-config"]).arg(config);
        command.arg("-out").arg(&made[0]).arg("-keyout").arg(&made[1]);
        assert!(command.output().expect("openssl runs").status.success());
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env("LC_ALL", "C");
        // Several that start at once would share it.
        command.env("TMPDIR", self.folder.path());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    async fn start(
        self,
        mut command: Command,
        stop: &'static str,
        at: impl Fn(u16) -> Vec<String>,
    ) -> Running {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let log = File::create(self.path("log")).unwrap();
        command.args(at(port)).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().expect("the server starts");
        let running = Running { child, stop, folder: self.folder, port };
        until("the server listens", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
        })
        .await;
        running
    }
}

/// Waits for something that has to come.
pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so().await {
        assert!(Instant::now() < end, "waited too long until {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

fn newest(folder: &str, program: &str) -> PathBuf {
    let versions = fs::read_dir(folder).expect("PostgreSQL is installed");
    let number = |path: &PathBuf| -> u32 {
        path.file_name().and_then(|it| it.to_str()?.parse().ok()).unwrap_or_default()
    };
    versions.map(|it| it.unwrap().path()).max_by_key(number).unwrap().join(program)
}

fn from_path(names: &[&str]) -> PathBuf {
    let there = names.iter().map(PathBuf::from).find(|it| it.is_absolute() && it.exists());
    there.unwrap_or_else(|| PathBuf::from(names[0]))
}
