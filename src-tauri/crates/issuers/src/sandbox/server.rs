//! The server of a sandbox: what it is asked over HTTP, and how it fails when it is told to.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{AUTHORIZATION, RETRY_AFTER},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

use super::{Call, Shared, Trick, state::is_same};

const MOST_CONNECTIONS: usize = 512;
const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_NAME: usize = 200;
const READ_LIMIT: Duration = Duration::from_secs(10);
const WHOLE_LIMIT: Duration = Duration::from_secs(60);
/// Before something that failed is tried again.
const PAUSE: Duration = Duration::from_millis(50);

type Told = Response<Full<Bytes>>;

/// While it is offline nobody listens at its port, and what is under way breaks.
pub(super) async fn serve(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) {
    let mut offline = shared.offline.subscribe();
    let mut listener = Some(listener);
    loop {
        let listening = match listener.take() {
            Some(listening) => listening,
            None => bound(address).await,
        };
        tokio::select! {
            () = accept(&listening, &shared) => {}
            _ = offline.wait_for(|is| *is) => {}
        }
        drop(listening);
        let _ = offline.wait_for(|is| !*is).await;
    }
}

async fn bound(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        if connections.len() >= MOST_CONNECTIONS || *shared.offline.borrow() {
            continue;
        }
        let shared = Arc::clone(shared);
        connections.spawn(async move {
            let service = service_fn(|request| answer(&shared, request));
            let serving = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(READ_LIMIT)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            let _ = tokio::time::timeout(WHOLE_LIMIT, serving).await;
        });
    }
}

/// An answer, or none: then the connection breaks.
async fn answer(shared: &Shared, request: Request<Incoming>) -> io::Result<Told> {
    let (head, body) = request.into_parts();
    let path: Vec<&str> = head.uri.path().trim_start_matches('/').split('/').collect();
    if let (&Method::GET, ["consumers", name, "health"]) = (&head.method, path.as_slice()) {
        return Ok(health(shared, name));
    }
    let shown = head.headers.get(AUTHORIZATION).and_then(|shown| shown.to_str().ok());
    let shown = shown.and_then(|shown| shown.strip_prefix("Bearer "));
    if !shown.is_some_and(|shown| is_same(&shared.token, shown)) {
        return Ok(status(StatusCode::UNAUTHORIZED));
    }
    let body = Limited::new(body, LONGEST_BODY).collect();
    let Ok(Ok(body)) = tokio::time::timeout(READ_LIMIT, body).await else {
        return Ok(status(StatusCode::BAD_REQUEST));
    };
    let body = body.to_bytes();
    let call = match (&head.method, path.as_slice()) {
        (&Method::PUT | &Method::POST, ["consumers", name]) => {
            return Ok(deliver(shared, name, &body));
        }
        (&Method::POST, ["consumers", name, "reload"]) => {
            return Ok(status(match shared.state().has_consumer(name) {
                true => StatusCode::NO_CONTENT,
                false => StatusCode::NOT_FOUND,
            }));
        }
        (&Method::POST, ["keys"]) => Call::Create,
        (&Method::GET, ["keys"]) => Call::List,
        (&Method::GET, ["keys", _]) => Call::LastUsed,
        (&Method::DELETE, ["keys", _]) => Call::Delete,
        (&Method::POST, ["keys", _, "deactivate"]) => Call::Deactivate,
        (&Method::POST, ["verify"]) => Call::Verify,
        _ => return Ok(status(StatusCode::NOT_FOUND)),
    };
    shared.calls.fetch_add(1, Ordering::SeqCst);
    let _entered = shared.under_way.enter();
    if call == Call::Create
        && let Some(until) = shared.faults().limited(shared.clock.now())
    {
        let left = until.0.saturating_sub(shared.clock.now().0);
        return Ok(busy(u32::try_from(left / 1000).unwrap_or(0).saturating_add(1)));
    }
    let switches = *shared.switches();
    sleep(Duration::from_millis(switches.latency_ms.into())).await;
    let id = path.get(1).copied().unwrap_or_default();
    let tricked = switches.call.is_none_or(|only| only == call);
    match switches.trick.filter(|_| tricked) {
        None => Ok(act(shared, call, id, &body, switches.stale_list)),
        Some(Trick::Status { code }) => {
            Ok(status(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)))
        }
        Some(Trick::Busy { retry_after_s }) => Ok(busy(retry_after_s)),
        Some(Trick::Timeout) => std::future::pending().await,
        Some(Trick::ResetAfterEffect) => {
            act(shared, call, id, &body, switches.stale_list);
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(Trick::Garbage) => {
            let mut garbage = act(shared, call, id, &body, switches.stale_list);
            *garbage.body_mut() = Full::from("<html>\u{fffd} It works! </htm");
            Ok(garbage)
        }
        Some(Trick::Deeper) => {
            let (head, told) = act(shared, call, id, &body, switches.stale_list).into_parts();
            let Ok(told) = told.collect().await;
            let deeper = [br#"{"data":"#.as_slice(), &*told.to_bytes(), b"}"].concat();
            Ok(Response::from_parts(head, Full::from(deeper)))
        }
    }
}

#[derive(Deserialize)]
struct Create {
    name: String,
}

#[derive(Deserialize)]
struct Shown {
    secret: SecretString,
}

#[derive(Deserialize)]
struct Delivered {
    value: SecretString,
}

fn act(shared: &Shared, call: Call, id: &str, body: &Bytes, stale: bool) -> Told {
    let now = shared.clock.now();
    let (rejects, lingers) = {
        let faults = shared.faults();
        (faults.rejects_new(), faults.lingers(now))
    };
    let mut state = shared.state();
    match call {
        Call::Create => {
            let asked = serde_json::from_slice::<Create>(body).ok();
            let Some(asked) = asked.filter(|it| it.name.len() <= LONGEST_NAME) else {
                return status(StatusCode::BAD_REQUEST);
            };
            let Some(made) = state.create(asked.name, rejects, &*shared.entropy) else {
                return status(StatusCode::UNPROCESSABLE_ENTITY);
            };
            let mut told = json!(made.told());
            told["secret"] = made.secret.expose_secret().into();
            say(StatusCode::CREATED, &told)
        }
        Call::List => {
            let keys = if stale { state.stale_list() } else { state.list() };
            say(StatusCode::OK, &json!({ "keys": keys }))
        }
        Call::LastUsed => match state.find(id) {
            Some(key) => say(StatusCode::OK, &json!(key.told())),
            None => status(StatusCode::NOT_FOUND),
        },
        Call::Verify => match serde_json::from_slice::<Shown>(body) {
            Ok(shown) => {
                let valid = state.accepts(shown.secret.expose_secret(), now);
                say(StatusCode::OK, &json!({ "valid": valid }))
            }
            Err(_) => status(StatusCode::BAD_REQUEST),
        },
        Call::Deactivate => done(state.deactivate(id, lingers)),
        Call::Delete => done(state.delete(id, lingers, now)),
    }
}

fn deliver(shared: &Shared, consumer: &str, body: &Bytes) -> Told {
    if shared.faults().refuses(consumer) {
        return status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let now = shared.clock.now();
    match serde_json::from_slice::<Delivered>(body) {
        Ok(delivered) => done(shared.state().deliver(consumer, delivered.value, now)),
        Err(_) => status(StatusCode::BAD_REQUEST),
    }
}

fn health(shared: &Shared, consumer: &str) -> Told {
    match shared.state().uses(consumer, shared.clock.now()) {
        None => status(StatusCode::NOT_FOUND),
        Some(None) => status(StatusCode::SERVICE_UNAVAILABLE),
        Some(Some(key)) => say(StatusCode::OK, &json!({ "keyId": key })),
    }
}

fn done(was_there: bool) -> Told {
    status(if was_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND })
}

fn busy(retry_after_s: u32) -> Told {
    let mut busy = status(StatusCode::TOO_MANY_REQUESTS);
    busy.headers_mut().insert(RETRY_AFTER, retry_after_s.into());
    busy
}

fn status(status: StatusCode) -> Told {
    let mut told = Response::new(Full::default());
    *told.status_mut() = status;
    told
}

fn say(code: StatusCode, what: &serde_json::Value) -> Told {
    let mut told = status(code);
    *told.body_mut() = Full::from(what.to_string());
    told
}
