//! The map and the timeline: what the vault knows, handed to crate `map`. No value is opened for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::{Engine, prelude::BASE64_STANDARD};
use keyturn_map::{
    Account, Binding, Consumer, Credential, Graph, Item, Look, Picture, Plan, Radius, Records,
    Refused, Restarted, Showing, Timeline, Unread, calendar, clashes, dot, map_svg, may_move,
    radius, timeline, timeline_svg,
};
use keyturn_model::{
    ConsumerId, CredentialId, Policy, PolicyChoice, Row, Since, Timestamp, Window,
    rotation::{Reload, State},
    setup::IssuerSetup,
};
use keyturn_vault::{Draft, Link, Overview, Vault, VaultError, WhichRuns};

use crate::{
    App, UserError,
    app::Happening,
    exports::write_new,
    rotations::USUAL_GRACE_S,
    session::Open,
    views::{MoveAnswer, PictureExport, PictureFormat, PictureOf, PlannedMove, RadiusOf},
};

/// The most runs that are looked at for how long both values still work.
const MOST_RUNS: u32 = 5_000;
/// The most that the window may hand over for a picture of pixels, in base64.
const LARGEST_DRAWN: usize = 32 * 1024 * 1024;

impl App {
    pub(crate) fn read_map(&self, open: &Open, input: &Showing) -> Result<Picture, UserError> {
        Ok(Picture::of(Graph::of(&records(open, &[])?, input)))
    }

    pub(crate) fn read_radius(&self, open: &Open, input: &RadiusOf) -> Result<Radius, UserError> {
        let records = records(open, &input.keys)?;
        let selected = records.selected(&input.keys, input.group);
        Ok(radius(&records, &selected, input.threat))
    }

    pub(crate) fn read_timeline(&self, open: &Open, input: &Look) -> Result<Timeline, UserError> {
        let now = self.clock().now();
        let Dates { items, windows, .. } = Dates::of(open, now)?;
        Ok(timeline(&items, &windows, input, now))
    }

    /// Moves a planned rotation, or only says whether that may be and what comes of it.
    pub(crate) fn move_planned(
        &self,
        open: &Open,
        input: &PlannedMove,
    ) -> Result<MoveAnswer, UserError> {
        let now = self.clock().now();
        let Dates { mut items, windows, plain } = Dates::of(open, now)?;
        let item = items.iter_mut().find(|item| item.id == input.id);
        let item = item.ok_or(VaultError::Changed)?;
        let window = item.window.and_then(|at| windows.get(at as usize));
        let plan = Plan { limit: item.limit, expires: item.expires, window };
        let rotating = open.vault.runs(Some(input.id), WhichRuns::Open, 1)?;
        let at = match input.to {
            _ if !rotating.is_empty() => Err(Refused::Rotating),
            Some(to) => may_move(&plan, to, now),
            None => plain.get(&input.id).copied().ok_or(Refused::NothingPlanned),
        };
        let (limit, restarts) = (item.limit, u32::try_from(item.restarts.len()));
        let mut answer = MoveAnswer {
            at: at.ok(),
            refused: at.err(),
            limit,
            restarts: restarts.unwrap_or(u32::MAX),
            clashes: Vec::new(),
        };
        if let Ok(at) = at {
            item.rotates = Some(at);
            let mine = |it: &keyturn_map::Clash| it.first == input.id || it.second == input.id;
            answer.clashes = clashes(&items, &windows, now).into_iter().filter(mine).collect();
            if !input.only_ask {
                open.vault.move_planned(input.id, input.version, input.to.map(|_| at))?;
                self.tell(Happening::Inventory);
            }
        }
        Ok(answer)
    }

    /// Writes a picture to a new file: names and dates, which is entered in the audit log first.
    pub(crate) fn export_picture(
        &self,
        open: &Open,
        input: &PictureExport,
    ) -> Result<(), UserError> {
        use PictureFormat::{Dot, Ics, Json, Png, Svg};
        let place = self.new_place(&input.file)?;
        let refused = || UserError::input_refused().with("what", "format");
        let (what, bytes) = match (&input.picture, input.format) {
            (PictureOf::Map { .. }, Png) => ("map", drawn(input)?),
            (PictureOf::Timeline { .. }, Png) => ("timeline", drawn(input)?),
            (PictureOf::Map { showing }, format) => {
                let picture = self.read_map(open, showing)?;
                let text = match format {
                    Svg => map_svg(&picture),
                    Dot => dot(&picture),
                    Json => json(&picture)?,
                    Ics | Png => return Err(refused()),
                };
                ("map", text.into_bytes())
            }
            (PictureOf::Timeline { look }, format) => {
                let timeline = self.read_timeline(open, look)?;
                let text = match format {
                    Svg => timeline_svg(&timeline),
                    Ics => calendar(&timeline),
                    Json => json(&timeline)?,
                    Dot | Png => return Err(refused()),
                };
                ("timeline", text.into_bytes())
            }
        };
        let enter = || open.vault.write(Draft::of("picture.exported").with(what), &[], |_| Ok(()));
        write_new(&place, &bytes, || Ok(enter()?))
    }
}

/// What the window drew, if it is a PNG of a sensible size.
fn drawn(input: &PictureExport) -> Result<Vec<u8>, UserError> {
    let refused = || UserError::input_refused().with("what", "drawn");
    let text =
        input.drawn.as_deref().filter(|text| text.len() <= LARGEST_DRAWN).ok_or_else(refused)?;
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| refused())?;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { Ok(bytes) } else { Err(refused()) }
}

fn json(of: &impl serde::Serialize) -> Result<String, UserError> {
    serde_json::to_string_pretty(of).map_err(|_| UserError::internal())
}

/// Who issues and who uses what: of what is put away only the `named`.
fn records(open: &Open, named: &[String]) -> Result<Records, UserError> {
    let vault = &open.vault;
    let mut overview = vault.overview()?;
    let is_named = |row: &Row| named.contains(&keyturn_map::credential_key(row.id));
    overview.retain(|one| one.row.archived.is_none() || is_named(&one.row));
    let accounts = vault.accounts()?.into_iter().map(|kept| Account {
        logs_in_with: logins(&kept.setup.issuer, kept.id, &overview),
        id: kept.id,
        name: kept.name,
        seen: kept.tested,
    });
    let consumers: Vec<_> = vault
        .consumers()?
        .into_iter()
        .map(|kept| Consumer {
            id: kept.id,
            name: kept.consumer.name,
            environment: kept.consumer.environment,
            owner: kept.consumer.owner,
        })
        .collect();
    let name_of = |id: ConsumerId| {
        consumers.iter().find(|it| it.id == id).map_or_else(String::new, |it| it.name.clone())
    };
    let (mut bindings, mut unread) = (Vec::new(), Vec::new());
    for Link { credential, consumer, setup, verified, changed } in vault.links()? {
        match setup {
            Some(setup) => bindings.push(Binding {
                reload: keyturn_deliveries::uptake(&setup).reload,
                away_s: setup.away_s,
                seen: verified,
                since: changed,
                credential,
                consumer,
            }),
            None => unread.push(Unread { credential, consumer: name_of(consumer) }),
        }
    }
    Ok(Records {
        unread,
        accounts: accounts.collect(),
        consumers,
        bindings,
        credentials: overview
            .into_iter()
            .map(|Overview { row, account, .. }| Credential {
                id: row.id,
                name: row.name,
                kind: row.kind,
                environment: row.environment,
                owner: row.owner,
                issuer: row.issuer,
                account,
                status: row.status,
                changed: row.changed,
            })
            .collect(),
    })
}

/// The credentials that an account logs in with: the same user, at the same server.
fn logins(
    setup: &IssuerSetup,
    account: keyturn_model::AccountId,
    all: &[Overview],
) -> Vec<CredentialId> {
    let (IssuerSetup::Postgres(server)
    | IssuerSetup::Mysql(server)
    | IssuerSetup::Mariadb(server)
    | IssuerSetup::Redis(server)) = setup
    else {
        return Vec::new();
    };
    let user = keyturn_issuers::own_login(setup).unwrap_or_default();
    let is = |one: &&Overview| {
        one.login.as_ref().is_some_and(|login| {
            let there =
                one.account == Some(account) || login.host.eq_ignore_ascii_case(&server.host);
            there && login.user == user
        })
    };
    all.iter().filter(is).map(|one| one.row.id).collect()
}

/// The dates of all credentials.
struct Dates {
    items: Vec<Item>,
    windows: Vec<Window>,
    /// When each would be replaced if nobody had moved it.
    plain: HashMap<CredentialId, Timestamp>,
}

impl Dates {
    fn of(open: &Open, now: Timestamp) -> Result<Self, UserError> {
        let vault = &open.vault;
        let own: BTreeMap<_, _> =
            vault.policies()?.own.into_iter().map(|kept| (kept.id, kept.policy)).collect();
        let mut restarts = restarts(vault)?;
        let mut grace = HashMap::new();
        let mut rotating = BTreeSet::new();
        for kept in vault.runs(None, WhichRuns::Open, MOST_RUNS)? {
            rotating.insert(kept.run.credential);
            if let State::Grace { until } = kept.run.state.place() {
                grace.insert(kept.run.credential, (kept.run.moved, *until));
            }
        }
        let can_write = !vault.is_read_only();
        let mut dates = Self { items: Vec::new(), windows: Vec::new(), plain: HashMap::new() };
        for Overview { row, rotates, done, grace_s, .. } in vault.overview()? {
            if row.archived.is_some() {
                continue;
            }
            let policy = followed(&row, &own);
            let (rotated, expires) = (row.rotated, row.expires);
            let since = Since { rotated, expires, moved: None, done };
            let plain = policy.as_ref().and_then(|it| it.next_dates(since, now, 1).pop());
            dates.plain.extend(plain.map(|at| (row.id, at)));
            let limit = policy.as_ref().and_then(|policy| policy.limit(since));
            let by_policy = policy.as_ref().map(|policy| i64::from(policy.grace_hours) * 3600);
            let window = policy.and_then(|policy| policy.window).map(|it| dates.window(it));
            dates.items.push(Item {
                window,
                movable: can_write
                    && limit.is_some_and(|at| at > now)
                    && !rotating.contains(&row.id),
                restarts: restarts.remove(&row.id).unwrap_or_default(),
                grace: grace.get(&row.id).copied(),
                grace_s: grace_s.or(by_policy).unwrap_or(USUAL_GRACE_S),
                id: row.id,
                version: row.version,
                name: row.name,
                kind: row.kind,
                owner: row.owner,
                environment: row.environment,
                status: row.status,
                rotated: row.rotated,
                rotates,
                limit,
                expires: row.expires,
            });
        }
        Ok(dates)
    }

    /// Which of the windows it is.
    fn window(&mut self, window: Window) -> u32 {
        let at = self.windows.iter().position(|known| *known == window).unwrap_or_else(|| {
            self.windows.push(window);
            self.windows.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The policy that a credential follows; one that is gone counts as the usual one.
fn followed(row: &Row, own: &BTreeMap<keyturn_model::PolicyId, Policy>) -> Option<Policy> {
    let usual = || Policy::usual(row.kind, row.risk);
    match row.policy {
        PolicyChoice::None => None,
        PolicyChoice::Usual => Some(usual()),
        PolicyChoice::Own(id) => Some(own.get(&id).cloned().unwrap_or_else(usual)),
    }
}

/// The consumers that a rotation of each credential restarts.
fn restarts(vault: &Vault) -> Result<HashMap<CredentialId, Vec<Restarted>>, VaultError> {
    let names: HashMap<_, _> =
        vault.consumers()?.into_iter().map(|kept| (kept.id, kept.consumer.name)).collect();
    let mut restarts: HashMap<_, Vec<_>> = HashMap::new();
    for link in vault.links()? {
        let restarts_it = |setup| keyturn_deliveries::uptake(setup).reload == Reload::Restart;
        if link.setup.as_ref().is_some_and(restarts_it) {
            let name = names.get(&link.consumer).cloned().unwrap_or_default();
            restarts
                .entry(link.credential)
                .or_default()
                .push(Restarted { id: link.consumer, name });
        }
    }
    Ok(restarts)
}
