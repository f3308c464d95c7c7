//! People, links and the demo's accounts as their pages show them.

use crate::rpc::accounts::{DemoAccount, InvitationView, LinkView, MemberView, NewLink, SignInView, TeamView};
use crate::rpc::shapes::Moment;
use crate::server::services::accounts::SignInPage;
use crate::server::services::links;
use crate::server::services::members::Team;

/// The sign-in page.
#[must_use]
pub fn sign_in_page(page: SignInPage) -> SignInView {
    let demo = page.demo.into_iter().map(|person| DemoAccount {
        name: person.name,
        role: person.role,
        email: person.email,
        password: person.password,
    });
    SignInView { demo: demo.collect(), sign_up_open: page.sign_up_open }
}

/// A one-time link for who opens it.
#[must_use]
pub fn link(link: links::LinkFacts) -> LinkView {
    LinkView {
        purpose: link.purpose.name().to_owned(),
        email: link.email,
        organization: link.organization,
        role: link.role,
        known: link.known,
        expires_at: Moment::new(link.expires_at),
    }
}

/// A one-time link for who made it.
#[must_use]
pub fn new_link(link: links::NewLink) -> NewLink {
    NewLink { url: link.url, email: link.email, expires_at: Moment::new(link.expires_at) }
}

/// The team page.
#[must_use]
pub fn team(team: Team) -> TeamView {
    let members = team.members.into_iter().map(|member| MemberView {
        user_id: member.user_id,
        name: member.name,
        email: member.email,
        role: member.role,
        since: Moment::new(member.since),
    });
    let invitations = team.invitations.into_iter().filter_map(|invitation| {
        Some(InvitationView { email: invitation.email, role: invitation.role?, expires_at: Moment::new(invitation.expires_at) })
    });
    TeamView { members: members.collect(), invitations: invitations.collect(), may_invite: team.may_invite }
}
