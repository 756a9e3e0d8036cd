//! Policies and kept views.

use keyturn_model::{Kind, Name, Policy, Query, Risk, Since, emergency_hours};
use keyturn_vault::VaultError;

use crate::{
    App, MessageKey, UserError,
    app::Happening,
    session::Open,
    views::{
        OwnPolicy, PoliciesView, PolicyChange, PolicyMeaning, PolicyRemoval, PolicyTrial,
        UsualPolicy, ViewChange, ViewCounts, ViewRemoval, ViewsView,
    },
};

impl App {
    pub(crate) fn list_policies(&self, open: &Open) -> Result<PoliciesView, UserError> {
        let usual = |kind| UsualPolicy {
            kind,
            standard: Policy::usual(kind, Risk::Standard),
            high: Policy::usual(kind, Risk::High),
            emergency_hours: emergency_hours(kind),
        };
        let own = |kept: keyturn_vault::KeptPolicy| OwnPolicy {
            id: kept.id,
            version: kept.version,
            name: kept.name,
            policy: kept.policy,
            followers: kept.followers,
        };
        let kept = open.vault.policies()?;
        Ok(PoliciesView {
            usual: Kind::ALL.map(usual).to_vec(),
            own: kept.own.into_iter().map(own).collect(),
            unread: kept.unread,
        })
    }

    pub(crate) fn try_policy(&self, input: &PolicyTrial) -> PolicyMeaning {
        let faults = input.policy.faults();
        let now = self.clock().now();
        let since = Since {
            rotated: input.rotated.unwrap_or(now),
            expires: input.expires,
            moved: None,
            done: None,
        };
        let next =
            if faults.is_empty() { input.policy.next_dates(since, now, 3) } else { Vec::new() };
        PolicyMeaning { faults, next }
    }

    pub(crate) fn save_policy(
        &self,
        open: &Open,
        input: PolicyChange,
    ) -> Result<PoliciesView, UserError> {
        let name = Name::new(&input.name)?;
        if !input.policy.faults().is_empty() {
            return Err(UserError::new("KT-POLICY-REFUSED", MessageKey::PolicyRefused));
        }
        open.vault
            .save_policy(input.id, input.version, &name, &input.policy)
            .map_err(of_name(&name))?;
        self.tell(Happening::Inventory);
        self.list_policies(open)
    }

    pub(crate) fn delete_policy(
        &self,
        open: &Open,
        input: &PolicyRemoval,
    ) -> Result<PoliciesView, UserError> {
        open.vault.delete_policy(input.id, input.version)?;
        self.tell(Happening::Inventory);
        self.list_policies(open)
    }

    pub(crate) fn list_views(&self, open: &Open) -> Result<ViewsView, UserError> {
        let (counts, kept) = (open.vault.counts()?, open.vault.views()?);
        Ok(ViewsView {
            saved: kept.saved,
            unread: kept.unread,
            counts: ViewCounts {
                all: counts.all,
                attention: counts.attention,
                due_soon: counts.due_soon,
                high_risk: counts.high_risk,
                in_grace: counts.in_grace,
                unread: counts.unread,
            },
        })
    }

    pub(crate) fn save_view(&self, open: &Open, input: ViewChange) -> Result<ViewsView, UserError> {
        let name = Name::new(&input.name)?;
        if input.query.len() > Query::LONGEST {
            return Err(UserError::input_refused());
        }
        open.vault
            .save_view(input.id, &name, &input.query, input.ordering, input.hidden)
            .map_err(of_name(&name))?;
        self.tell(Happening::Inventory);
        self.list_views(open)
    }

    pub(crate) fn delete_view(
        &self,
        open: &Open,
        input: &ViewRemoval,
    ) -> Result<ViewsView, UserError> {
        open.vault.delete_view(input.id)?;
        self.tell(Happening::Inventory);
        self.list_views(open)
    }
}

/// The name of a policy or a view may be taken.
pub(crate) fn of_name(name: &Name) -> impl Fn(VaultError) -> UserError + '_ {
    move |error| match error {
        VaultError::NameTaken => {
            UserError::new("KT-NAME-TAKEN", MessageKey::NameTaken).with("name", name)
        }
        other => other.into(),
    }
}
