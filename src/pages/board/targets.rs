//! The places that the Move to… sheet offers for some numbers, each with its verdict. Pure; the views are in `move_dialog`.

use serde::{Deserialize, Serialize};

use super::verdict::{Landing, Reason, home, landing};
use crate::domain::code::Code;
use crate::rpc::error::AppError;
use crate::rpc::numbers::{BoardColumn, BoardInput, BoardView, OwnedRow, board as read_board, cards as read_cards, get_number};
use crate::rpc::shapes::AgentChoice;

/// What the sheet needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveData {
    pub board: BoardView,
    pub cards: Vec<OwnedRow>,
    /// Agents of the sub-account that the one number is in.
    pub inside: Vec<AgentChoice>,
}

/// Reads the board and the numbers with these ids (joined by commas); nothing when there are none.
pub async fn move_data(ids: String) -> Result<Option<MoveData>, AppError> {
    if ids.is_empty() {
        return Ok(None);
    }
    let board = read_board(BoardInput::default()).await?;
    // A long column shows only part of its cards, and the list also names released numbers.
    let cards = read_cards(ids).await?;
    if cards.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut inside = Vec::new();
    if let [card] = cards.as_slice()
        && let Some(sub_account) = &card.sub_account
    {
        let agents = get_number(card.id.clone()).await?.agents;
        inside = agents.into_iter().filter(|agent| agent.sub_account_id.as_ref() == Some(&sub_account.id)).collect();
    }
    Ok(Some(MoveData { board, cards, inside }))
}

/// How a place is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The numbers are there.
    Here,
    /// One press moves them to this column.
    Move(String),
    /// The number stays in its sub-account and gets this agent.
    Assign(String),
    /// The number stays in its sub-account and loses its agent.
    Unassign,
    /// A question comes first.
    Ask(String),
    Refused(Reason),
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub name: String,
    pub detail: String,
    pub icon: &'static str,
    /// The lamp of an agent, lit when it is published.
    pub lamp: Option<bool>,
    pub draft: bool,
    pub way: Way,
}

/// Places under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceGroup {
    pub title: String,
    pub places: Vec<Place>,
}

/// All places for these numbers, those inside the sub-account first.
#[must_use]
pub fn places(data: &MoveData) -> Vec<PlaceGroup> {
    let from_sub_account = data.cards.iter().find_map(|card| card.sub_account.clone());
    let mut groups = Vec::new();
    if let ([card], Some(sub_account)) = (data.cards.as_slice(), &from_sub_account) {
        groups.push(PlaceGroup { title: format!("Inside {}", sub_account.name), places: inside(card, &data.inside) });
    }
    let titles = match from_sub_account {
        Some(_) => [("pool", "Back to the pool"), ("agent", "Agents of the pool"), ("sub_account", "Other sub-accounts")],
        None => [("pool", "Pool"), ("agent", "Agents"), ("sub_account", "Sub-accounts")],
    };
    for (group, title) in titles {
        let columns = data.board.columns.iter().filter(|column| column.group == group);
        // Where the number is already says its own group.
        let columns = columns.filter(|column| from_sub_account.is_none() || data.cards.iter().any(|card| home(card) != column.id));
        let places = merged(columns.map(|column| place(data, column)).collect());
        if !places.is_empty() {
            groups.push(PlaceGroup { title: title.to_owned(), places });
        }
    }
    groups
}

fn inside(card: &OwnedRow, agents: &[AgentChoice]) -> Vec<Place> {
    let mut places: Vec<Place> = agents
        .iter()
        .map(|agent| {
            let here = card.agent_id.as_ref() == Some(&agent.id);
            Place {
                name: agent.name.clone(),
                detail: match (here, agent.published) {
                    (true, true) => String::from("Answers it now"),
                    (true, false) => String::from("Its agent now; a draft does not answer"),
                    (false, _) => agent.detail.clone(),
                },
                icon: "headphones",
                lamp: Some(agent.published),
                draft: !agent.published,
                way: if here { Way::Here } else { Way::Assign(agent.id.clone()) },
            }
        })
        .collect();
    let has_agent = card.agent_id.is_some();
    places.push(Place {
        name: String::from("No agent"),
        detail: String::from(if has_agent { "Unassign. It stays here and stays paid." } else { "No agent answers it now." }),
        icon: "unplug",
        lamp: None,
        draft: false,
        way: if has_agent { Way::Unassign } else { Way::Here },
    });
    places
}

fn place(data: &MoveData, column: &BoardColumn) -> Place {
    let (mut draft, mut detail) = (false, column.detail.clone());
    let way = match landing(&data.cards, column, data.board.now) {
        Landing::PutBack => Way::Here,
        Landing::Refused(reason) => Way::Refused(reason),
        Landing::Go(go) => {
            draft = go.draft;
            if go.refused > 0 {
                detail = format!("{}. The refused ones stay where they are.", go.label());
            }
            if go.asks { Way::Ask(column.id.clone()) } else { Way::Move(column.id.clone()) }
        }
    };
    Place {
        name: column.name.clone(),
        detail: if way == Way::Here { String::from("Here now") } else { detail },
        icon: if column.group == "pool" { "circle-dashed" } else { "building-2" },
        lamp: (column.group == "agent").then_some(column.lit),
        draft,
        way,
    }
}

/// Neighbours that are refused for the same reason stand in one line.
fn merged(places: Vec<Place>) -> Vec<Place> {
    let mut lines: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        match lines.last_mut() {
            Some(last) if matches!(last.way, Way::Refused(_)) && last.way == place.way => {
                last.name = format!("{}, {}", last.name, place.name);
            }
            _ => lines.push(place),
        }
    }
    lines
}
