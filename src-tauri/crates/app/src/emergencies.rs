//! Emergencies: whose values are in one, what will be done, that it is done, and whether it is over.
//!
//! That it is to be done is durable before anything is: an incident that was started goes on after whatever ended the
//! program. Each credential goes by itself, so one that fails stops no other.

mod picture;
mod report;
mod scope;

use keyturn_model::{
    CredentialId, IncidentId, Metadata, Name, Risk, RunId, Timestamp,
    incident::{Cause, Closed, Incident, Item, Said},
    rotation::{Order, Outcome, Run, Wish},
};
use keyturn_vault::{KeptIncident, KeptRun, VaultError, WhichRuns};

use crate::{
    App, Happening, MessageKey, UserError,
    exports::write_new,
    rotations::{of_begin, of_journal},
    session::Open,
    views::{
        IncidentChange, IncidentPart, IncidentStart, IncidentTried, IncidentView, IncidentsOf,
        IncidentsView, MoreScope, NewIncident, OldTried, ReportOf, RotationOf, WhichIncident,
    },
};

/// The most characters of a reason, a title or a task.
const LONGEST: usize = 1_000;
/// The most tasks.
const MOST_TASKS: usize = 200;

impl App {
    pub(crate) fn list_incidents(
        &self,
        open: &Open,
        input: IncidentsOf,
    ) -> Result<IncidentsView, UserError> {
        let kept = open.vault.incidents(input.open)?;
        let rows = kept.iter().map(|kept| self.incident_row(open, kept));
        Ok(IncidentsView { incidents: rows.collect::<Result<_, _>>()? })
    }

    pub(crate) fn read_incident(
        &self,
        open: &Open,
        input: WhichIncident,
    ) -> Result<IncidentView, UserError> {
        self.incident_view(open, &open.vault.incident(input.id)?)
    }

    /// Finds what is in it, and enters it. Nothing else changes.
    pub(crate) fn open_incident(
        &self,
        open: &Open,
        input: &NewIncident,
    ) -> Result<IncidentView, UserError> {
        let found = self.find_scope(open, &input.scope)?;
        let cause = input.cause;
        let mut incident = Incident {
            cause,
            title: found.title(cause),
            drill: input.drill,
            opened: self.clock().now(),
            by: open.vault.my_name()?,
            earliest: None,
            order: cause.order(),
            started: None,
            closed: None,
            items: found.items,
            tasks: Vec::new(),
        };
        sort(&mut incident.items);
        let id = open.vault.open_incident(&incident)?;
        self.tell(Happening::Runs);
        self.read_incident(open, WhichIncident { id })
    }

    /// Finds more, and takes it in.
    pub(crate) fn add_to_incident(
        &self,
        open: &Open,
        input: &MoreScope,
    ) -> Result<IncidentView, UserError> {
        let mut kept = self.seen(open, input.id, input.version)?;
        let found = self.find_scope(open, &input.scope)?;
        let mut added = 0_usize;
        for item in found.items {
            match kept.incident.items.iter_mut().find(|it| it.credential == item.credential) {
                Some(there) => {
                    there.found.extend(item.found);
                    there.taken |= item.taken && there.run.is_none();
                }
                None => {
                    added += 1;
                    kept.incident.items.push(item);
                }
            }
        }
        if kept.incident.items.len() > Incident::MOST {
            return Err(scope::too_many());
        }
        sort(&mut kept.incident.items);
        open.vault.save_incident(&kept, "incident.scope_changed", &format!("{added} added"))?;
        self.go_on_with(open, input.id)?;
        self.read_incident(open, WhichIncident { id: input.id })
    }

    pub(crate) fn change_incident(
        &self,
        open: &Open,
        input: &IncidentChange,
    ) -> Result<IncidentView, UserError> {
        let mut kept = self.found(open, input.id, input.version)?;
        // What is left to do is done afterwards.
        if !matches!(input.change, IncidentPart::Tasks { .. }) {
            unclosed(&kept)?;
        }
        let (action, detail) = self.change(open, &mut kept, &input.change)?;
        open.vault.save_incident(&kept, action, &detail)?;
        self.tell(Happening::Runs);
        self.go_on_with(open, input.id)?;
        self.read_incident(open, WhichIncident { id: input.id })
    }

    /// What changes, as the log names it.
    fn change(
        &self,
        open: &Open,
        kept: &mut KeptIncident,
        part: &IncidentPart,
    ) -> Result<(&'static str, String), UserError> {
        let now = self.clock().now();
        let incident = &mut kept.incident;
        Ok(match part {
            IncidentPart::Title { title } => {
                let title = Name::new(title)?;
                title.as_str().clone_into(&mut incident.title);
                ("incident.renamed", incident.title.clone())
            }
            IncidentPart::Earliest { at } => {
                incident.earliest = *at;
                ("incident.earliest_set", at.map(|at| at.utc().to_rfc3339()).unwrap_or_default())
            }
            IncidentPart::Order { order } => {
                if !order.is_urgent() || incident.started.is_some() {
                    return Err(UserError::input_refused().with("what", "order"));
                }
                incident.order = *order;
                ("incident.order_set", format!("{order:?}"))
            }
            IncidentPart::Item { credential, taken, reason, order } => {
                let reason = words(reason)?;
                let item = item(incident, *credential)?;
                // Whatever was begun goes on.
                if item.run.is_some() || order.is_some_and(|order| !order.is_urgent()) {
                    return Err(UserError::input_refused().with("what", "item"));
                }
                (item.taken, item.reason, item.order) = (*taken, reason, *order);
                let how = if *taken { "taken in" } else { "taken out" };
                let why = if item.reason.is_empty() { "" } else { ": " };
                ("incident.scope_changed", format!("{} {how}{why}{}", item.name, item.reason))
            }
            IncidentPart::Everything => {
                let left = incident.items.iter_mut().filter(|item| !item.taken);
                let many = left.map(|item| item.taken = true).count();
                ("incident.scope_changed", format!("{many} taken in"))
            }
            IncidentPart::Tasks { tasks } => {
                if tasks.len() > MOST_TASKS || tasks.iter().any(|task| words(&task.text).is_err()) {
                    return Err(UserError::input_refused().with("what", "tasks"));
                }
                incident.tasks.clone_from(tasks);
                let done = tasks.iter().filter(|task| task.done).count();
                ("incident.tasks_changed", format!("{done} of {} done", tasks.len()))
            }
            IncidentPart::Said { credential } => {
                let by = open.vault.my_name()?;
                let item = item(incident, *credential)?;
                item.said = Some(Said { by, at: now });
                ("incident.said_refused", item.name.clone())
            }
            IncidentPart::Close { reason } => {
                let reason = words(reason)?;
                let left = self.left_open(open, kept)?;
                if left > 0 && reason.trim().is_empty() {
                    return Err(UserError::new("KT-INCIDENT-OPEN", MessageKey::IncidentOpen)
                        .with("count", left));
                }
                let by = open.vault.my_name()?;
                kept.incident.closed = Some(Closed { by, at: now, reason: reason.clone() });
                ("incident.closed", reason)
            }
        })
    }

    /// Begins what is to be done about each credential.
    pub(crate) fn start_incident(
        &self,
        open: &Open,
        input: &IncidentStart,
    ) -> Result<IncidentView, UserError> {
        let mut kept = self.seen(open, input.id, input.version)?;
        if kept.incident.started.is_some() || kept.incident.taken().next().is_none() {
            return Err(UserError::input_refused().with("what", "incident"));
        }
        if input.typed.trim() != kept.reference && self.incident_view(open, &kept)?.asks_reference {
            return Err(UserError::new("KT-INCIDENT-MISTYPED", MessageKey::IncidentMistyped)
                .with("reference", &kept.reference));
        }
        kept.incident.started = Some(self.clock().now());
        // From here on it is done, whatever ends the program.
        open.vault.start_incident(&kept)?;
        self.tell(Happening::Inventory);
        self.go_on_with(open, input.id)?;
        self.read_incident(open, WhichIncident { id: input.id })
    }

    /// Tries each old value: whether it is refused now. Changes nothing outside.
    pub(crate) fn try_incident(
        &self,
        open: &Open,
        input: WhichIncident,
    ) -> Result<IncidentTried, UserError> {
        let kept = open.vault.incident(input.id)?;
        let rotating = self.rotating(open)?;
        let runs: Vec<(CredentialId, RunId)> = kept
            .incident
            .taken()
            .filter_map(|item| item.run.map(|run| (item.credential, run)))
            .collect();
        let around = &rotating.around;
        let looks = runs.iter().map(async |(credential, run)| {
            let tried = keyturn_engine::try_old(around, *run).await;
            let (refused, problem) = match tried {
                Ok(refused) => (refused, None),
                Err(fault) => (None, Some(of_try(fault))),
            };
            OldTried { credential: *credential, refused, problem }
        });
        let tried = self.runtime()?.block_on(futures_util::future::join_all(looks));
        let refused = tried.iter().filter(|one| one.refused == Some(true)).count();
        let detail = format!("{refused} of {} refused", tried.len());
        open.vault.write(
            keyturn_vault::Draft::of("incident.tried").about(kept.id, &kept.reference).with(detail),
            &[],
            |_| Ok(()),
        )?;
        self.tell(Happening::Runs);
        Ok(IncidentTried { tried, incident: self.incident_view(open, &kept)? })
    }

    /// Writes the report of an incident.
    pub(crate) fn save_report(&self, open: &Open, input: &ReportOf) -> Result<(), UserError> {
        let place = self.new_place(&input.file)?;
        let kept = open.vault.incident(input.id)?;
        let bytes = self.report(open, &kept, &input.format)?;
        let draft = keyturn_vault::Draft::of("incident.reported")
            .about(kept.id, &kept.reference)
            .with(input.format.clone());
        write_new(&place, &bytes, || Ok(open.vault.write(draft, &[], |_| Ok(()))?))
    }

    /// Goes on with every incident that was started: after unlocking.
    ///
    /// # Errors
    /// When it cannot be told which there are.
    pub(crate) fn go_on_with_incidents(&self, open: &Open) -> Result<(), UserError> {
        if open.vault.is_read_only() {
            return Ok(());
        }
        for kept in open.vault.incidents(true)? {
            self.go_on_with(open, kept.id)?;
        }
        Ok(())
    }

    /// The same, where something happened to a rotation. Asked every second.
    pub(crate) fn hurry_when_due(&self) {
        if !self.0.hurrying.begin(self.clock().now()) {
            return;
        }
        let app = self.clone();
        self.beside("emergencies", move || {
            if let Some(open) = app.0.session.running()
                && let Err(error) = app.go_on_with_incidents(&open)
            {
                tracing::warn!(code = error.code, "an emergency did not go on");
            }
            app.0.hurrying.end(None);
        });
    }

    /// Begins whatever of an incident is to be done and was not begun. What cannot be begun is kept with the reason.
    fn go_on_with(&self, open: &Open, id: IncidentId) -> Result<(), UserError> {
        let mut kept = open.vault.incident(id)?;
        let Some(started) = kept.incident.started.filter(|_| kept.incident.closed.is_none()) else {
            return Ok(());
        };
        let incident = &kept.incident;
        // All at once: what is to be kept of them together is one transaction, and the first is on its way meanwhile.
        let begins = incident.taken().filter(|item| item.run.is_none()).map(async |item| {
            let order = incident.order_of(item);
            (item.credential, self.begin_urgent(open, item.credential, order, started).await)
        });
        let begun = self.runtime()?.block_on(futures_util::future::join_all(begins));
        let before = kept.incident.clone();
        for (credential, run) in begun {
            let Ok(item) = item(&mut kept.incident, credential) else { continue };
            match run {
                Ok(run) => (item.run, item.hindered) = (Some(run), None),
                Err(error) => item.hindered = Some(error.code.to_owned()),
            }
        }
        if kept.incident == before {
            return Ok(());
        }
        let runs = kept.incident.taken().filter(|item| item.run.is_some()).count();
        match open.vault.save_incident(&kept, "incident.rotations_begun", &runs.to_string()) {
            // Somebody else changed it just now: what was begun is found by the next look.
            Err(VaultError::Changed) => Ok(()),
            done => Ok(done?),
        }
    }

    /// Begins a rotation in haste, or makes haste with the one that is open.
    async fn begin_urgent(
        &self,
        open: &Open,
        credential: CredentialId,
        order: Order,
        started: Timestamp,
    ) -> Result<RunId, UserError> {
        let rotating = self.rotating(open)?;
        let around = &rotating.around;
        let hasten = async |run: &Run| {
            let asked = keyturn_engine::ask(around, run, Wish::Hasten { order }).await;
            asked.map_err(of_journal)
        };
        let latest = open.vault.runs(Some(credential), WhichRuns::All, 1)?.pop();
        let id = match latest {
            // It ends first, and then another one is begun.
            Some(KeptRun { run, .. }) if run.undoing && !run.state.is_end() => {
                hasten(&run).await?;
                rotating.go_on(self, run.id)?;
                return Err(VaultError::Rotating.into());
            }
            // It was begun for this, and the program ended before that was kept.
            Some(KeptRun { run, begun, .. }) if run.order.is_urgent() && begun >= started => run.id,
            Some(KeptRun { run, .. }) if !run.state.is_end() => {
                hasten(&run).await?;
                run.id
            }
            _ => {
                let input = RotationOf { credential, consent: true };
                let (asked, ..) = self.asked(open, &input, order)?;
                keyturn_engine::begin(around, &asked).await.map_err(of_begin)?
            }
        };
        rotating.go_on(self, id)?;
        Ok(id)
    }

    /// The incident as it was seen, and not closed.
    fn seen(&self, open: &Open, id: IncidentId, version: i64) -> Result<KeptIncident, UserError> {
        let kept = self.found(open, id, version)?;
        unclosed(&kept)?;
        Ok(kept)
    }

    fn found(&self, open: &Open, id: IncidentId, version: i64) -> Result<KeptIncident, UserError> {
        let kept = open.vault.incident(id)?;
        if kept.version == version { Ok(kept) } else { Err(VaultError::Changed.into()) }
    }

    /// How many old values are not proven to be refused, nor said to be.
    fn left_open(&self, open: &Open, kept: &KeptIncident) -> Result<usize, UserError> {
        let view = self.incident_view(open, kept)?;
        let open_one = |item: &&crate::views::IncidentItem| {
            item.taken && item.said.is_none() && item.outcome != Outcome::RevokedVerified
        };
        Ok(view.items.iter().filter(open_one).count())
    }
}

fn unclosed(kept: &KeptIncident) -> Result<(), UserError> {
    if kept.incident.closed.is_none() {
        return Ok(());
    }
    Err(UserError::new("KT-INCIDENT-CLOSED", MessageKey::IncidentClosed)
        .with("reference", &kept.reference))
}

fn item(incident: &mut Incident, credential: CredentialId) -> Result<&mut Item, UserError> {
    let found = incident.items.iter_mut().find(|item| item.credential == credential);
    found.ok_or_else(|| UserError::input_refused().with("what", "credential"))
}

/// What somebody typed, as one line.
fn words(text: &str) -> Result<String, UserError> {
    let text = text.trim();
    if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(UserError::input_refused().with("what", "reason"));
    }
    Ok(text.to_owned())
}

/// What is dealt with first, then what is worst.
fn sort(items: &mut [Item]) {
    items.sort_by(|one, other| {
        let key = |item: &Item| (!item.taken, item.risk != Risk::High);
        key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
    });
}

fn of_try(fault: keyturn_engine::TryFault) -> UserError {
    match fault {
        keyturn_engine::TryFault::Journal(fault) => of_journal(fault),
        keyturn_engine::TryFault::Issuer(_) => {
            UserError::new("KT-ISSUER-FAILED", MessageKey::IssuerFailed).retryable()
        }
    }
}

/// Whether a value works where it hurts most.
fn is_production(of: &Metadata) -> bool {
    of.environment.to_ascii_lowercase().starts_with("prod")
}

/// What is said where nobody chose words.
fn title_of(cause: Cause, about: &str) -> String {
    match cause {
        Cause::Leaked => format!("Leaked: {about}"),
        Cause::Left => format!("{about} left"),
        Cause::MachineLost => format!("A computer of {about} is lost"),
        Cause::IssuerBreached => format!("{about} was broken into"),
        Cause::Chosen => about.to_owned(),
    }
}
