//! The report as data, for programs.

use serde_json::{Value, json};

use super::{Report, fate::Fate, hex, words::iso};

pub(super) fn written(report: &Report<'_>) -> Value {
    let (view, row) = (report.view, &report.view.row);
    let moment = |at: Option<keyturn_model::Timestamp>| at.map(iso);
    json!({
        "reference": row.reference,
        "title": row.title,
        "summary": report.summary().into_iter().map(|(_, says)| says.text).collect::<Vec<_>>().join(" "),
        "drill": row.drill,
        "cause": row.cause,
        "order": view.order,
        "vault": report.vault,
        "opened": { "at": iso(row.opened), "by": view.by },
        "started": moment(row.started),
        "closed": row.closed.as_ref().map(|it| json!({
            "at": iso(it.at), "by": it.by, "reason": it.reason,
        })),
        "earliestMisuse": moment(view.earliest),
        "allRevoked": moment(report.all_revoked()),
        "allRefused": moment(row.all_refused),
        "allRestored": moment(row.restored),
        "credentials": report.fates.iter().map(credential).collect::<Vec<_>>(),
        "consumers": report.consumers(),
        "tasks": view.tasks,
        "timeline": view.log.iter().map(|line| json!({
            "at": iso(line.at),
            "by": line.by,
            "action": line.action,
            "about": line.about,
            "detail": line.detail,
        })).collect::<Vec<_>>(),
        "written": { "at": iso(report.at), "by": report.by },
        "auditHead": { "entry": report.head.seq, "seal": hex(&report.head.mac) },
    })
}

fn credential(fate: &Fate<'_>) -> Value {
    let item = fate.item;
    json!({
        "name": item.name,
        "kind": item.kind,
        "environment": item.environment,
        "risk": item.risk,
        "dealtWith": item.taken,
        "reason": item.reason,
        "found": item.found,
        "open": fate.is_open(),
        "oldValue": item.outcome,
        "revoked": fate.revoked.map(iso),
        "refused": item.refused.map(iso),
        "proof": fate.proof,
        "said": item.said.as_ref().map(|said| json!({ "by": said.by, "at": iso(said.at) })),
        "rotation": super::fate::status(item),
        "replaced": fate.replaced.map(iso),
        "storedByHand": item.run.is_none() && item.renewed,
        "consumers": fate.consumers.iter().map(|it| json!({
            "name": it.name, "hasNewValue": it.has_new,
        })).collect::<Vec<_>>(),
        "without": fate.without.as_ref().map(|it| json!({
            "from": iso(it.from), "until": it.until.map(iso),
        })),
        "trouble": fate.trouble,
    })
}
