//! `/link/:token`: an invitation or a password reset, used once. The server decides whether the link is good.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::sign_in::door::{Door, PasswordField};
use super::team::role_text;
use crate::rpc::accounts::{LinkView, UseLink, one_time_link};
use crate::ui::action_form::ActionForm;
use crate::ui::field::Field;
use crate::ui::form::{LoadRefused, field_error};
use crate::ui::icon::Icon;
use crate::ui::load::load;
use crate::ui::message::{RefusalNote, action_error};
use crate::ui::view::view;
use crate::ui::when::When;

/// A one-time link.
#[component]
pub fn LinkPage() -> impl IntoView {
    let parameters = use_params_map();
    let token = Memo::new(move |_| parameters.with(|parameters| parameters.get("token")).unwrap_or_default());
    let action = ServerAction::<UseLink>::new();
    let resource = load(move || token.get(), one_time_link);
    view! {
        <Title text="Your link"/>
        <Door>
            <Suspense fallback=|| ()>
                {move || Suspend::new(async move {
                    match resource.await {
                        Ok(link) => view! { <LinkForm link token=token.get_untracked() action/> },
                        Err(error) if error.code().status() >= 500 => view! { <h1>"Your link"</h1><LoadRefused error/> },
                        Err(_) => view! { <BadLink/> },
                    }
                })}
            </Suspense>
        </Door>
    }
}

/// The link was used, has ended, or never was one: all three look the same.
#[component]
fn BadLink() -> impl IntoView {
    view! {
        <div class="link-bad stack-4">
            <Icon name="unlink" size=20/>
            <h1>"This link does not work"</h1>
            <p class="door-lead">"It was used, has ended, or was never valid. Nothing was changed. Ask whoever sent it for a new one."</p>
            <p><a class="btn btn-lg" href="/sign-in">"Go to sign in"</a></p>
        </div>
    }
}

#[component]
fn LinkForm(link: LinkView, token: String, action: ServerAction<UseLink>) -> impl IntoView {
    let error = action_error(action);
    let words = Words::of(&link);
    let asks_name = link.purpose == "invitation" && !link.known;
    view! {
        <h1>{words.title}</h1>
        <p class="door-lead">{words.lead}</p>
        <RefusalNote error/>
        <ActionForm action>
            <div class="door-form stack-4">
                <input type="hidden" name="token" value=token/>
                // For password managers: the account that the password belongs to. Without a name it is not sent.
                <input class="sr-only" type="email" value=link.email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                {asks_name.then(|| view! {
                    <Field label="Your name" name="name" required=true autocomplete="name" maxlength=80 error=field_error(error, "name")/>
                })}
                <PasswordField label=words.password id="password" autocomplete=words.autocomplete error=field_error(error, "password")/>
                <button type="submit" class="btn btn-primary btn-lg door-button" disabled=move || action.pending().get()>{words.button}</button>
                <p class="field-hint">"The link works once, until "<When moment=link.expires_at/>"."</p>
            </div>
        </ActionForm>
    }
}

/// What the page says, by purpose.
struct Words {
    title: String,
    lead: String,
    password: &'static str,
    autocomplete: &'static str,
    button: &'static str,
}

impl Words {
    fn of(link: &LinkView) -> Self {
        if link.purpose != "invitation" {
            return Self {
                title: String::from("Set a new password"),
                lead: format!("For {}. All other sessions end.", link.email),
                password: "New password",
                autocomplete: "new-password",
                button: "Set the password and sign in",
            };
        }
        let organization = link.organization.clone().unwrap_or_else(|| String::from("the organization"));
        let role = link.role.map(|role| format!(" as {}", role_text(role).to_lowercase())).unwrap_or_default();
        let title = format!("Join {organization}");
        let lead = format!("{} is invited{role}.", link.email);
        if link.known {
            let lead = format!("{lead} You have an account already: its password is enough.");
            Self { title, lead, password: "Your password", autocomplete: "current-password", button: "Join and sign in" }
        } else {
            Self { title, lead, password: "Choose a password", autocomplete: "new-password", button: "Join and sign in" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Role;
    use crate::domain::time::Timestamp;
    use crate::rpc::shapes::Moment;

    fn link(purpose: &str, known: bool) -> LinkView {
        let text = String::new;
        LinkView {
            purpose: String::from(purpose),
            email: String::from("ada@example.com"),
            organization: Some(String::from("Brightline Voice")),
            role: Some(Role::Member),
            known,
            expires_at: Moment { at: Timestamp::from_seconds(0), short: text(), day: text(), full: text() },
        }
    }

    #[test]
    fn each_purpose_has_its_words() {
        let joining = Words::of(&link("invitation", false));
        assert_eq!((joining.title.as_str(), joining.autocomplete), ("Join Brightline Voice", "new-password"));
        assert_eq!(joining.lead, "ada@example.com is invited as member.");
        assert_eq!(Words::of(&link("invitation", true)).autocomplete, "current-password");
        assert_eq!(Words::of(&link("reset", true)).title, "Set a new password");
    }
}
