//! The report as Markdown. Whatever somebody typed is written so that it breaks no table, becomes no link and sets
//! nothing in type.

use std::fmt::{Result, Write as _};

use super::paper::{Cell, Line, Paper, Part, Section, Table, Tone, plain};

pub(super) fn written(paper: &Paper) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write_paper(&mut text, paper);
    text
}

fn write_paper(text: &mut String, paper: &Paper) -> Result {
    writeln!(text, "# {}: {}\n", safe(&paper.reference), safe(&paper.title))?;
    writeln!(text, "{}", safe(&paper.about))?;
    for Section { title, parts } in &paper.sections {
        writeln!(text, "\n## {title}")?;
        for part in parts {
            text.push('\n');
            match part {
                Part::Text(words) => writeln!(text, "{}", safe(words))?,
                Part::Answers(facts) | Part::Facts(facts) => {
                    for (name, fact) in facts {
                        writeln!(text, "- **{name}**: {}", line(fact))?;
                    }
                }
                Part::Table(table) => write_table(text, table)?,
            }
        }
    }
    Ok(())
}

fn write_table(text: &mut String, table: &Table) -> Result {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    writeln!(text, "| {} |", names.join(" | "))?;
    writeln!(text, "|{}", " --- |".repeat(names.len()))?;
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        writeln!(text, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn cell(lines: &Cell) -> String {
    lines.iter().map(line).collect::<Vec<_>>().join("<br>")
}

fn line(line: &Line) -> String {
    match line.tone {
        Tone::Plain | Tone::Faint => safe(&line.text),
        Tone::Strong | Tone::Alarm => format!("**{}**", safe(&line.text)),
    }
}

fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in plain(text).trim().chars() {
        if matches!(letter, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&')
        {
            safe.push('\\');
        }
        safe.push(letter);
    }
    safe.replace("://", "\\://").replace("www.", "www\\.")
}
