//! One page of an answer: the exact total and the first rows in their order. Numbers that come close are found in [`super::close`].

use crate::domain::pattern::Pattern;
use crate::domain::search::{Filter, Sort};

use super::cursor::{self, Cursor};
use super::found::FoundRow;
use super::index::Index;
use super::index::hits::Hits;
use super::index::question::Question;
use super::index::segment::Segment;
use super::index::shard::Shard;
use super::index::top::{Position, Wanted};
use super::plan::Plan;
use super::row::Row;
use super::standing::{Standing, group_starts};
use super::{Claims, Stock};

/// A question.
#[derive(Debug, Clone)]
pub struct Ask {
    pub filter: Filter,
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    pub limit: usize,
    /// Rows that may be seen in all, for those who may not page through the whole stock (R40).
    pub deepest: Option<u64>,
    /// Fill a first page that is not full with numbers that come close.
    pub widen: bool,
}

/// Its answer.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Numbers that this caller could find.
    pub stock_total: u64,
    /// Strict matches.
    pub total: u64,
    pub rows: Vec<FoundRow>,
    pub widened: Vec<FoundRow>,
    pub next: Option<String>,
}

impl Stock {
    /// Answers a question about the stock as it is now.
    #[must_use]
    pub fn page(&self, claims: &Claims, ask: &Ask) -> Page {
        let index = self.index();
        let search = Search { index: &index, plan: Plan::new(&ask.filter, &index.catalog), claims, ask };
        let mut page = search.strict();
        let hidden = claims.hidden.iter().filter(|number| index.contains(**number)).count();
        page.stock_total = count(index.len().saturating_sub(hidden));
        let room = ask.limit.saturating_sub(usize::try_from(page.total).unwrap_or(usize::MAX));
        if ask.widen && ask.after.is_none() && room > 0 {
            page.widened = search.close(room);
        }
        page
    }
}

/// A number of rows as it is told.
pub fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// A question that is being answered.
pub(super) struct Search<'a> {
    pub index: &'a Index,
    pub plan: Plan<'a>,
    pub claims: &'a Claims,
    pub ask: &'a Ask,
}

impl Search<'_> {
    /// Total and rows of this page.
    fn strict(&self) -> Page {
        let asked = self.ask.filter.pattern.as_ref();
        let after = self.ask.after.as_ref().map(|cursor| cursor.position(&self.index.catalog));
        // Who may not see all rows gets no deeper by a cursor: their first rows are found, and those up to the cursor left out.
        let allowed = self.ask.deepest.map(|deepest| usize::try_from(deepest).unwrap_or(usize::MAX));
        let position = |row: &Row| cursor::position(&self.index.catalog, row, self.ask.sort, asked);
        let wanted = Wanted {
            catalog: &self.index.catalog,
            sort: self.ask.sort,
            after: if allowed.is_some() { None } else { after },
            room: allowed.unwrap_or(self.ask.limit + 1),
            position: &position,
        };
        let question = self.plan.question();
        let (total, mut found) = self.first(&question, &wanted, asked, |row| self.plan.is_match(row));
        found.retain(|(position, _)| after.is_none_or(|after| *position > after));
        let more = found.len() > self.ask.limit;
        found.truncate(self.ask.limit);
        let last = found.last().filter(|_| more);
        Page {
            total,
            next: last.map(|(_, row)| Cursor::after(&self.index.catalog, row, self.ask.sort, asked).encode()),
            rows: found.iter().map(|(_, row)| self.row(row, asked)).collect(),
            ..Page::default()
        }
    }

    /// How many rows answer a question, and the first of them. `matches` says the same of rows that are in no segment yet.
    pub fn first(
        &self,
        question: &Question,
        wanted: &Wanted<'_>,
        asked: Option<&Pattern>,
        matches: impl Fn(&Row) -> bool,
    ) -> (u64, Vec<(Position, Row)>) {
        let (mut total, mut found) = (0, Vec::new());
        for shard in self.index.shards.iter().filter(|shard| self.plan.is_about(shard)) {
            for segment in &shard.segments {
                let hits = self.claims.visible(segment, segment.hits(question));
                total += hits.count;
                found.extend(first_of_segment(segment, &hits, wanted, asked));
            }
            let fresh: Vec<Row> = self.fresh(shard).filter(|row| matches(row)).collect();
            total += count(fresh.len());
            found.extend(wanted.first_of(fresh.into_iter()));
        }
        found.sort_unstable_by_key(|(position, _)| *position);
        found.truncate(wanted.room);
        (total, found)
    }

    /// Rows of a shard that are in no segment yet and may be shown.
    pub fn fresh<'a>(&'a self, shard: &'a Shard) -> impl Iterator<Item = Row> + 'a {
        shard.fresh.values().filter(|row| !self.claims.hides(row.number)).copied()
    }

    /// A row as it is shown.
    pub fn row(&self, row: &Row, asked: Option<&Pattern>) -> FoundRow {
        FoundRow::new(&self.index.catalog, row, self.claims, &self.ask.filter, asked)
    }
}

/// The first hits of a segment. Where a word is asked for and the best rows are wanted, those come first in which it fills a written
/// group of digits, then those that it ends; among equals the cheaper one.
pub fn first_of_segment(segment: &Segment, hits: &Hits<'_>, wanted: &Wanted<'_>, asked: Option<&Pattern>) -> Vec<(Position, Row)> {
    let word = asked.filter(|asked| asked.is_word()).and_then(|asked| Some((asked, asked.fixed_len()?)));
    let (Some((word, letters)), Sort::Memorability) = (word, wanted.sort) else { return segment.first(hits, wanted) };
    if hits.is_few() {
        return segment.first(hits, wanted);
    }
    let digits = segment.columns.length;
    let pinned = |start: usize| {
        let patterns = word.pinned(start).into_iter().collect::<Vec<_>>();
        if patterns.is_empty() { Hits::default() } else { segment.hits(&Question { patterns, ..Question::default() }).and(hits) }
    };
    let mut found = Vec::new();
    let mut add = |standing: Standing, hits: &Hits<'_>| {
        let position = |row: &Row| cursor::position_of_word(wanted.catalog, row, standing);
        let room = wanted.room - found.len();
        found.extend(segment.first(hits, &Wanted { sort: Sort::Price, position: &position, room, ..*wanted }));
        found.len() == wanted.room
    };
    // What stands better is mostly enough: then the others need not be looked for.
    let groups = group_starts(letters, digits).map(pinned).reduce(|one, other| one.or(&other)).unwrap_or_default();
    if add(Standing::Group, &groups) {
        return found;
    }
    let ending = digits.saturating_sub(letters);
    let is_group = group_starts(letters, digits).any(|start| start == ending);
    let endings = if is_group { Hits::default() } else { pinned(ending).and_not(&groups) };
    if !add(Standing::Ending, &endings) {
        add(Standing::Inside, &hits.clone().and_not(&groups.or(&endings)));
    }
    found
}
