//! `/members`: the people of the organization. A key counts as an administrator: it neither makes nor touches owners.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::Role;
use crate::domain::code::Code;
use crate::domain::scope::Scope;
use crate::server::error::Result;
use crate::server::rest::body::{Body, FromBody};
use crate::server::rest::envelope::{Instant, Page, Reply, Sample};
use crate::server::rest::fields::{Field, Kind, Values};
use crate::server::rest::handler::Call;
use crate::server::rest::query::{ListQuery, Query};
use crate::server::rest::table::{Group, Holders, Route};
use crate::server::services::members::{self, Link, Member, NewLink};

/// What somebody can be.
const ROLES: Kind = Kind::Choice(&["viewer", "member", "admin", "owner"]);

pub fn group() -> Group {
    let routes = vec![
        Route::get("/members", "listMembers", list).scope(Scope::TeamRead).about("Lists the people of the organization by name."),
        Route::post("/members", "inviteMember", invite)
            .scope(Scope::TeamWrite)
            .about("Invites somebody; the one-time link is shown in this answer only. Nobody but an owner makes owners.")
            .answers(&[201])
            .refuses(&[Code::RoleTooLow]),
        Route::get("/members/invitations", "listInvitations", invitations)
            .scope(Scope::TeamRead)
            .about("Lists the invitations that nobody has used yet, newest first."),
        Route::patch("/members/{id}", "setMemberRole", set_role)
            .scope(Scope::TeamWrite)
            .about("Changes somebody's role; their sessions end.")
            .refuses(&[Code::NotFound, Code::RoleTooLow]),
        Route::delete("/members/{id}", "removeMember", remove)
            .scope(Scope::TeamWrite)
            .about("Takes somebody out of the organization; their sessions end.")
            .refuses(&[Code::NotFound, Code::RoleTooLow]),
    ];
    Group {
        name: "Members",
        text: "The people of the organization and their roles: viewer, member, admin, owner.",
        routes: routes.into_iter().map(|route| route.holders(Holders::Organization)).collect(),
    }
}

/// A person of the organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub struct MemberBody {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their email.
    pub email: String,
    /// `viewer`, `member`, `admin` or `owner`.
    pub role: &'static str,
    /// Since when they belong to it.
    pub joined_at: Instant,
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self { id: member.user_id, name: member.name, email: member.email, role: member.role.name(), joined_at: Instant(member.since) }
    }
}

impl Sample for MemberBody {
    fn sample() -> Self {
        Self {
            id: String::from("019ab3c0-b000-7aaa-8bbb-0123456789ab"),
            name: String::from("Mara Chen"),
            email: String::from("mara@brightline.example"),
            role: Role::Admin.name(),
            joined_at: Instant::sample(),
        }
    }
}

/// An invitation that nobody has used yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub struct InvitationBody {
    /// Who is invited.
    pub email: String,
    /// As what.
    #[schema(required)]
    pub role: Option<&'static str>,
    /// When the link ends.
    pub expires_at: Instant,
}

impl From<Link> for InvitationBody {
    fn from(link: Link) -> Self {
        Self { email: link.email, role: link.role.map(Role::name), expires_at: Instant(link.expires_at) }
    }
}

impl Sample for InvitationBody {
    fn sample() -> Self {
        Self { email: String::from("ada@example.com"), role: Some(Role::Member.name()), expires_at: Instant::sample() }
    }
}

/// An invitation with its link.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewInvitation)]
pub struct NewInvitationBody {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: InvitationBody,
    /// The one-time link, to be handed over; null where the same request is answered again.
    #[schema(required)]
    pub url: Option<String>,
    /// The link was in the answer that was given first.
    pub secret_shown_before: bool,
}

impl NewInvitationBody {
    /// What is sent now, and what a repeat is sent.
    fn both(link: NewLink, role: Role) -> (Self, Self) {
        let invitation = InvitationBody { email: link.email, role: Some(role.name()), expires_at: Instant(link.expires_at) };
        let later = Self { invitation: invitation.clone(), url: None, secret_shown_before: true };
        (Self { invitation, url: Some(link.url), secret_shown_before: false }, later)
    }
}

impl Sample for NewInvitationBody {
    fn sample() -> Self {
        let url = String::from("https://dialyard.example/link/0000000000000000000000000000000000000000000000000000000000000000");
        Self { invitation: InvitationBody::sample(), url: Some(url), secret_shown_before: false }
    }
}

/// The role of a body. It was checked against the words that there are; the lowest one stands for none.
fn role_of(values: &Values) -> Role {
    values.text("role").and_then(|name| Role::from_name(&name)).unwrap_or(Role::Viewer)
}

struct InviteBody {
    email: String,
    role: Role,
}

impl FromBody for InviteBody {
    const FIELDS: &'static [Field] = &[
        Field::required("email", Kind::Text(254), "Who is invited.").like("\"ada@example.com\""),
        Field::required("role", ROLES, "As what.").like("\"member\""),
    ];

    fn read(values: &Values) -> Self {
        Self { email: values.required("email"), role: role_of(values) }
    }
}

struct RoleBody {
    role: Role,
}

impl FromBody for RoleBody {
    const FIELDS: &'static [Field] = &[Field::required("role", ROLES, "What they shall be.").like("\"member\"")];

    fn read(values: &Values) -> Self {
        Self { role: role_of(values) }
    }
}

async fn list(call: Call, Query(query): Query<ListQuery>) -> Result<Page<MemberBody>> {
    Ok(Page::of(query.limit, members::page(&call.state, &call.caller, query.limit, query.cursor.as_deref()).await?))
}

async fn invite(call: Call, Body(body): Body<InviteBody>) -> Result<Reply<NewInvitationBody>> {
    let link = members::invite(&call.state, &call.caller, &body.email, body.role).await?;
    let (now, later) = NewInvitationBody::both(link, body.role);
    Ok(Reply::made(now).repeated_as(later))
}

async fn invitations(call: Call, Query(query): Query<ListQuery>) -> Result<Page<InvitationBody>> {
    Ok(Page::of(query.limit, members::invitations(&call.state, &call.caller, query.limit, query.cursor.as_deref()).await?))
}

async fn set_role(call: Call, Body(body): Body<RoleBody>) -> Result<Reply<MemberBody>> {
    Ok(Reply::of(members::set_role_by_key(&call.state, &call.caller, call.path("id"), Some(body.role)).await?.into()))
}

async fn remove(call: Call) -> Result<Reply<MemberBody>> {
    Ok(Reply::of(members::set_role_by_key(&call.state, &call.caller, call.path("id"), None).await?.into()))
}
