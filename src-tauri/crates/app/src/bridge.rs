//! The contract between window and backend: every command and every event, with its types.
//!
//! The shell's adapters take their types from here and the interface's are generated from here
//! (`ui/src/lib/bindings`), so the two ends cannot drift apart.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

use keyturn_map::{Look, Picture, Radius, Showing, Timeline};
use keyturn_model::{Field, Kind, Metadata, Permission, reminder::Mute};

use crate::{About, App, Open, Settings, SettingsView, UserError, views::*};

/// Something the window asks of the backend.
pub trait Command {
    /// Its name on the wire.
    const NAME: &'static str;
    /// Who may ask it, and when.
    const ACCESS: Access;
    /// Whether it crosses as it is; everything else crosses in an envelope.
    const PLAIN: bool;
    /// What is asked.
    type Input: DeserializeOwned + TS + 'static;
    /// What is answered.
    type Output: Serialize + TS + 'static;
}

/// Who may ask something, and when. A command without one does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, also while the vault is locked: it neither returns nor uses what is inside, but for the number of
    /// rotations that go on there.
    Anytime,
    /// The member who unlocked the vault, about what is the member's own.
    Unlocked,
    /// A member who unlocked the vault and has this permission.
    May(Permission),
}

/// Something the backend tells the window unasked.
pub trait Event {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What is told.
    type Payload: Serialize + Clone + TS + 'static;
}

/// What a command answers.
pub type Answer<C> = Result<<C as Command>::Output, UserError>;

macro_rules! run {
    ([Anytime $(plain)?] $app:ident, $input:ident, $action:expr) => {
        $action($app, $input)
    };
    ([$($access:tt)+] $app:ident, $input:ident, $action:expr) => {{
        let open = $app.0.session.enter(access!($($access)+))?;
        $action($app, &open, $input)
    }};
}

macro_rules! access {
    (Anytime $(plain)?) => {
        Access::Anytime
    };
    (Unlocked $(plain)?) => {
        Access::Unlocked
    };
    (May $permission:ident) => {
        Access::May(Permission::$permission)
    };
}

macro_rules! plain {
    ([$access:ident plain]) => {
        true
    };
    ($access:tt) => {
        false
    };
}

macro_rules! contract {
    (
        commands { $(
            $(#[$command_doc:meta])+
            $command:ident = $command_name:literal $access:tt $input:ty => $output:ty: $action:expr;
        )+ }
        of_the_shell { $(
            $(#[$shell_doc:meta])+
            $shell:ident = $shell_name:literal: $shell_input:ty => $shell_output:ty;
        )+ }
        events { $($(#[$event_doc:meta])+ $event:ident = $event_name:literal: $payload:ty;)+ }
    ) => {
        $($(#[$command_doc])+ #[derive(Debug)] pub struct $command;
        impl Command for $command {
            const NAME: &'static str = $command_name;
            const ACCESS: Access = contract!(@access $access);
            const PLAIN: bool = plain!($access);
            type Input = $input;
            type Output = $output;
        }
        impl $command {
            /// Does it, for who may ask for it.
            ///
            /// # Errors
            /// When the vault is locked, the role is missing, or the action fails.
            pub fn run(app: &App, input: $input) -> Answer<Self> {
                run!($access app, input, $action)
            }

            /// The same as it crosses from the page and back.
            ///
            /// # Errors
            /// Those of [`Self::run`], and input that is not what it takes.
            pub fn ask(app: &App, input: Value) -> Result<Value, UserError> {
                if Self::PLAIN {
                    let input = serde_json::from_value(input).map_err(|_| UserError::input_refused())?;
                    let output = Self::run(app, input)?;
                    return serde_json::to_value(output).map_err(|_| UserError::internal());
                }
                let envelope = &app.0.envelope;
                let input = envelope.open(Self::NAME, &input)?;
                envelope.seal(Self::NAME, &Self::run(app, input)?, app.entropy())
            }
        })+
        $($(#[$shell_doc])+ #[derive(Debug)] pub struct $shell;
        impl Command for $shell {
            const NAME: &'static str = $shell_name;
            const ACCESS: Access = Access::Anytime;
            const PLAIN: bool = true;
            type Input = $shell_input;
            type Output = $shell_output;
        })+
        $($(#[$event_doc])+ #[derive(Debug)] pub struct $event;
        impl Event for $event {
            const NAME: &'static str = $event_name;
            type Payload = $payload;
        })+

        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$($command_name,)+ $($shell_name),+];

        /// The names of those that cross as they are.
        const PLAIN_COMMANDS: &[(&str, bool)] = &[
            $(($command_name, $command::PLAIN),)+ $(($shell_name, $shell::PLAIN)),+
        ];

        /// The commands of this crate, each with who may ask it.
        pub const ACTIONS: &[(&str, Access)] = &[$(($command_name, $command::ACCESS)),+];

        /// Asks for an action by its name; `None` when there is none.
        ///
        /// # Errors
        /// Those of the action, and input that is not what it takes.
        pub fn call(app: &App, name: &str, input: Value) -> Option<Result<Value, UserError>> {
            match name {
                $($command_name => Some(serde_json::from_value(input)
                    .map_err(|_| UserError::input_refused())
                    .and_then(|input| $command::run(app, input))
                    .and_then(|output| {
                        serde_json::to_value(output).map_err(|_| UserError::internal())
                    })),)+
                _ => None,
            }
        }

        /// The contract as TypeScript.
        #[must_use]
        pub fn typescript() -> String {
            let mut types = Types::default();
            $(types.command::<$command>();)+
            $(types.command::<$shell>();)+
            $(types.event::<$event>();)+
            types.visit::<UserError>();
            types.visit::<Field>();
            types.text()
        }
    };
    (@access [$($access:tt)+]) => { access!($($access)+) };
}

contract! {
    commands {
        /// Facts of this installation.
        ReadAbout = "read_about" [Anytime plain] () => About:
            |app: &App, ()| Ok(app.about());
        /// Agree on a key with a page that has just begun; all else crosses sealed with it.
        BeginEnvelope = "begin_envelope" [Anytime plain] PublicKey => PublicKey:
            App::begin_envelope;
        /// The settings in force.
        ReadSettings = "read_settings" [Anytime plain] () => SettingsView:
            |app: &App, ()| Ok(app.read_settings());
        /// Keep other settings.
        SaveSettings = "save_settings" [Anytime plain] Settings => SettingsView:
            App::save_settings;
        /// Go back to the usual settings.
        ResetSettings = "reset_settings" [Anytime plain] () => SettingsView:
            |app: &App, ()| app.reset_settings();

        /// Which vault is open, and which are known.
        ReadSession = "read_session" [Anytime plain] () => SessionView:
            |app: &App, ()| Ok(app.read_session());
        /// What is known of a vault before it is unlocked.
        LookAtVault = "look_at_vault" [Anytime] Folder => KnownVault:
            |app: &App, input| Ok(app.look_at_vault(&input));
        /// Take a vault off the list of this computer; its files stay.
        ForgetVault = "forget_vault" [Anytime] Folder => SessionView:
            |app: &App, input| Ok(app.forget_vault(&input));
        /// A free place for a new vault of this name.
        SuggestPlace = "suggest_place" [Anytime] VaultName => String:
            |app: &App, input| Ok(app.suggest_place(&input));
        /// How hard a passphrase is to guess.
        WeighPassphrase = "weigh_passphrase" [Anytime] Weigh => Strength:
            |app: &App, input| Ok(app.weigh_passphrase(&input));
        /// Six random words.
        SuggestPassphrase = "suggest_passphrase" [Anytime] () => ShownOnce:
            |app: &App, ()| Ok(app.suggest_passphrase());
        /// Make a vault and open it.
        CreateVault = "create_vault" [Anytime] NewVault => MadeVault:
            |app: &App, input| app.create_vault(&input);
        /// Make a demo vault, with a sandbox, and open it.
        MakeDemo = "make_demo" [Anytime] () => SessionView:
            |app: &App, ()| app.make_demo();
        /// Unlock a vault.
        UnlockVault = "unlock_vault" [Anytime] UnlockWith => SessionView:
            |app: &App, input| app.unlock_vault(&input);
        /// Accept an invitation, set a passphrase and unlock the vault with it.
        AcceptInvitation = "accept_invitation" [Anytime] Accept => SessionView:
            |app: &App, input| app.accept_invitation(&input);
        /// What is known of a backup before it is opened.
        LookAtBackup = "look_at_backup" [Anytime] FilePlace => ClosedBackup:
            |app: &App, input| app.look_at_backup(&input);
        /// Make a vault of a backup, at a new place, and open it.
        RestoreBackup = "restore_backup" [Anytime] Restore => SessionView:
            |app: &App, input| app.restore_backup(&input);

        /// Lock the vault.
        LockVault = "lock_vault" [Unlocked plain] () => ():
            |app: &App, _, ()| { app.lock_vault(); Ok(()) };
        /// Somebody is there: the vault is not locked yet.
        StayUnlocked = "stay_unlocked" [Unlocked plain] () => ():
            |app: &App, open: &Open, ()| { app.stay_unlocked(open); Ok(()) };
        /// Change the passphrase of who unlocked.
        ChangePassphrase = "change_passphrase" [Unlocked] NewPassphrase => SessionView:
            |app: &App, open: &Open, input| app.change_passphrase(open, &input);
        /// Make a recovery key; the one before stops working.
        MakeRecoveryKey = "make_recovery_key" [Unlocked] Confirmed => ShownOnce:
            |app: &App, open: &Open, input| app.make_recovery_key(open, &input);
        /// Show that the recovery key was kept, by typing it.
        ProveRecoveryKey = "prove_recovery_key" [Unlocked] KeptKey => SessionView:
            |app: &App, open: &Open, input| app.prove_recovery_key(open, &input);
        /// Write the recovery key to a sheet that can be printed.
        SaveRecoverySheet = "save_recovery_sheet" [Unlocked] SheetPlace => ():
            |app: &App, open: &Open, input| app.save_recovery_sheet(open, &input);
        /// Show that the recovery key was kept, by the sheet.
        ProveRecoverySheet = "prove_recovery_sheet" [Unlocked] FilePlace => SessionView:
            |app: &App, open: &Open, input| app.prove_recovery_sheet(open, &input);
        /// Whether the key ring of this computer can be used.
        ReadKeyRing = "read_key_ring" [Unlocked] () => KeyRingView:
            |app: &App, open: &Open, ()| app.read_key_ring(open);
        /// Let the key ring of this computer unlock the vault for a while.
        TurnOnKeyRing = "turn_on_key_ring" [Unlocked] Confirmed => KeyRingView:
            |app: &App, open: &Open, input| app.turn_on_key_ring(open, &input);
        /// Take the vault's key out of the key ring.
        TurnOffKeyRing = "turn_off_key_ring" [Unlocked] () => KeyRingView:
            |app: &App, open: &Open, ()| app.turn_off_key_ring(open);

        /// The members.
        ListMembers = "list_members" [May See] () => MembersView:
            |app: &App, open: &Open, ()| app.list_members(open);
        /// Add a member by an invitation.
        InviteMember = "invite_member" [May ManageMembers] Invite => Invitation:
            |app: &App, open: &Open, input| app.invite_member(open, &input);
        /// Change a member's name or role.
        ChangeMember = "change_member" [May ManageMembers] MemberChange => MembersView:
            |app: &App, open: &Open, input| app.change_member(open, &input);
        /// Remove a member and change every key the member had.
        RemoveMember = "remove_member" [May ManageMembers] MemberRemoval => Removed:
            |app: &App, open: &Open, input| app.remove_member(open, &input);

        /// A part of the inventory.
        ListCredentials = "list_credentials" [May See] ListOf => CredentialList:
            |app: &App, open: &Open, input| app.list_credentials(open, &input);
        /// Everything about one credential but its values.
        ReadCredential = "read_credential" [May See] Which => CredentialView:
            |app: &App, open: &Open, input| app.read_credential(open, &input);
        /// What happened to one credential, the newest first.
        ReadActivity = "read_activity" [May See] ActivityOf => Vec<Activity>:
            |app: &App, open: &Open, input| app.read_activity(open, &input);
        /// Words that are in use: environments, owners, issuers, tags.
        ReadWords = "read_words" [May See] () => WordsInUse:
            |app: &App, open: &Open, ()| app.read_words(open);
        /// What a paste is.
        RecognisePaste = "recognise_paste" [Unlocked] Pasted => Option<RecognisedPaste>:
            |app: &App, _, input| Ok(app.recognise_paste(&input));
        /// What is wrong with a form, and what its values tell.
        WeighCredential = "weigh_credential" [Unlocked] NewCredential => Weighed:
            |app: &App, open: &Open, input| app.weigh_credential(open, input);
        /// Make a new value.
        GenerateValue = "generate_value" [Unlocked] Generate => GeneratedValue:
            |app: &App, _, input| app.generate_value(&input);
        /// Add credentials, each for itself.
        AddCredentials = "add_credentials" [May Edit] Vec<NewCredential> => Vec<Done>:
            |app: &App, open: &Open, input| app.add_credentials(open, input);
        /// Change what is known of a credential.
        ChangeCredential = "change_credential" [May Edit] CredentialChange => CredentialView:
            |app: &App, open: &Open, input| app.change_credential(open, input);
        /// Give a credential another value, which becomes a version.
        ReplaceValue = "replace_value" [May Rotate] NewValue => CredentialView:
            |app: &App, open: &Open, input| app.replace_value(open, input);
        /// Add the same again under another name.
        DuplicateCredential = "duplicate_credential" [May Edit] Which => CredentialView:
            |app: &App, open: &Open, input| app.duplicate_credential(open, &input);
        /// Do something to many credentials at once.
        ChangeMany = "change_many" [May Edit] ManyChange => Vec<Done>:
            |app: &App, open: &Open, input| app.change_many(open, input);
        /// Delete credentials for good.
        DeleteCredentials = "delete_credentials" [May Edit] Deletion => Vec<Done>:
            |app: &App, open: &Open, input| app.delete_credentials(open, &input);
        /// Show one value.
        RevealValue = "reveal_value" [May UseSecrets] ValueOf => Revealed:
            |app: &App, open: &Open, input| app.reveal_value(open, &input);
        /// Put one value into the clipboard.
        CopyValue = "copy_value" [May UseSecrets] ValueOf => Copied:
            |app: &App, open: &Open, input| app.copy_value(open, &input);
        /// Take out of the clipboard what was put there, unless it was replaced.
        ClearClipboard = "clear_clipboard" [Unlocked plain] () => ():
            |app: &App, _, ()| { app.clear_clipboard(); Ok(()) };

        /// The policies.
        ListPolicies = "list_policies" [May See] () => PoliciesView:
            |app: &App, open: &Open, ()| app.list_policies(open);
        /// What a policy would mean.
        TryPolicy = "try_policy" [Unlocked] PolicyTrial => PolicyMeaning:
            |app: &App, _, input| Ok(app.try_policy(&input));
        /// Keep a policy.
        SavePolicy = "save_policy" [May Edit] PolicyChange => PoliciesView:
            |app: &App, open: &Open, input| app.save_policy(open, input);
        /// Delete a policy; its followers follow the usual one.
        DeletePolicy = "delete_policy" [May Edit] PolicyRemoval => PoliciesView:
            |app: &App, open: &Open, input| app.delete_policy(open, &input);
        /// The views of the sidebar.
        ListViews = "list_views" [May See] () => ViewsView:
            |app: &App, open: &Open, ()| app.list_views(open);
        /// Keep a view.
        SaveView = "save_view" [May Edit] ViewChange => ViewsView:
            |app: &App, open: &Open, input| app.save_view(open, input);
        /// Delete a view.
        DeleteView = "delete_view" [May Edit] ViewRemoval => ViewsView:
            |app: &App, open: &Open, input| app.delete_view(open, &input);

        /// Look at a file that is to come in.
        LookAtImport = "look_at_import" [May Edit] FilePlace => ImportFile:
            |app: &App, _, input| app.look_at_import(&input);
        /// Read it, and say what it would bring.
        PreviewImport = "preview_import" [May Edit] ImportRequest => ImportPreview:
            |app: &App, open: &Open, input| app.preview_import(open, &input);
        /// Stop what is being read or brought in.
        CancelImport = "cancel_import" [May Edit] () => ():
            |app: &App, open: &Open, ()| { app.cancel_import(open); Ok(()) };
        /// More entries of the file that was read.
        ReadImport = "read_import" [May Edit] ImportPage => Vec<ImportEntry>:
            |app: &App, open: &Open, input| app.read_import(open, &input);
        /// More of what the last file that was read or written lost.
        ReadLosses = "read_losses" [May See] LossPage => Vec<String>:
            |app: &App, open: &Open, input| app.read_losses(open, &input);
        /// Bring in what was looked at.
        RunImport = "run_import" [May Edit] ImportChoice => Imported:
            |app: &App, open: &Open, input| app.run_import(open, &input);
        /// Take back what the last import brought.
        UndoImport = "undo_import" [May Edit] () => Imported:
            |app: &App, open: &Open, ()| app.undo_import(open);
        /// Delete the file that was brought in.
        DeleteImportFile = "delete_import_file" [May Edit] () => ():
            |app: &App, open: &Open, ()| app.delete_import_file(open);
        /// Write credentials to a file.
        ExportCredentials = "export_credentials" [May UseSecrets] Export => Exported:
            |app: &App, open: &Open, input| app.export_credentials(open, &input);

        /// The issuer accounts.
        ListAccounts = "list_accounts" [May See] () => AccountsView:
            |app: &App, open: &Open, ()| app.list_accounts(open);
        /// Keep an issuer account.
        SaveAccount = "save_account" [May Edit] AccountChange => AccountsView:
            |app: &App, open: &Open, input| app.save_account(open, input);
        /// Delete an issuer account that no credential is rotated by.
        DeleteAccount = "delete_account" [May Edit] WhichAccount => AccountsView:
            |app: &App, open: &Open, input| app.delete_account(open, &input);
        /// Look who uses the credentials, and where their values lie.
        LookForUses = "look_for_uses" [May UseSecrets] LookIn => FindsView:
            |app: &App, open: &Open, input: LookIn| app.look_for_uses(open, &input);
        /// Stop looking; what was found so far is told.
        StopLooking = "stop_looking" [May UseSecrets] () => ():
            |app: &App, open: &Open, ()| { app.stop_looking(open); Ok(()) };
        /// More of what was found.
        ReadFinds = "read_finds" [May UseSecrets] FindsPage => Vec<Find>:
            |app: &App, open: &Open, input: FindsPage| app.read_finds(open, &input);
        /// Keep what a person accepts of what was found.
        AcceptFinds = "accept_finds" [May Edit] FindChoice => AcceptedFinds:
            |app: &App, open: &Open, input| app.accept_finds(open, &input);

        /// Whether an issuer account works, and may do what is needed.
        TryAccount = "try_account" [May Rotate] WhichAccount => Tried:
            |app: &App, open: &Open, input| app.try_account(open, &input);
        /// The consumers.
        ListConsumers = "list_consumers" [May See] () => ConsumersView:
            |app: &App, open: &Open, ()| app.list_consumers(open);
        /// Keep a consumer.
        SaveConsumer = "save_consumer" [May Edit] ConsumerChange => ConsumersView:
            |app: &App, open: &Open, input| app.save_consumer(open, &input);
        /// Delete a consumer with its bindings.
        DeleteConsumer = "delete_consumer" [May Edit] WhichConsumer => ConsumersView:
            |app: &App, open: &Open, input| app.delete_consumer(open, &input);
        /// Keep how a value reaches a consumer.
        SaveBinding = "save_binding" [May Edit] BindingChange => BindingSaved:
            |app: &App, open: &Open, input| app.save_binding(open, input);
        /// Let a consumer use a credential no more.
        DeleteBinding = "delete_binding" [May Edit] WhichBinding => ConsumersView:
            |app: &App, open: &Open, input| app.delete_binding(open, &input);
        /// Whether a consumer is well, and a value could reach it.
        TryBinding = "try_binding" [May Rotate] WhichBinding => Tried:
            |app: &App, open: &Open, input| app.try_binding(open, &input);
        /// How a credential is rotated.
        ReadRotation = "read_rotation" [May See] Which => RotationView:
            |app: &App, open: &Open, input| app.read_rotation(open, &input);
        /// Keep how a credential is rotated.
        SetUpRotation = "set_up_rotation" [May Edit] RotationChange => RotationView:
            |app: &App, open: &Open, input| app.set_up_rotation(open, &input);
        /// What a rotation would do, and everything that can be looked at before.
        PlanRotation = "plan_rotation" [May Rotate] RotationOf => PlanView:
            |app: &App, open: &Open, input| app.plan_rotation(open, &input);
        /// Begin a rotation.
        BeginRotation = "begin_rotation" [May Rotate] RotationOf => RunView:
            |app: &App, open: &Open, input| app.begin_rotation(open, &input);
        /// The runs.
        ListRuns = "list_runs" [May See] RunsOf => RunsView:
            |app: &App, open: &Open, input| app.list_runs(open, &input);
        /// Pause automatic rotation of the whole vault, or let it go on.
        PauseAutomatic = "pause_automatic" [May Rotate] PauseOfAll => Option<AutomaticPause>:
            |app: &App, open: &Open, input| app.pause_automatic(open, input);
        /// Everything about one run.
        ReadRun = "read_run" [May See] WhichRun => RunView:
            |app: &App, open: &Open, input| app.read_run(open, &input);
        /// Ask something of a run.
        AskRun = "ask_run" [May Rotate] RunWish => RunView:
            |app: &App, open: &Open, input| app.ask_run(open, &input);
        /// Hand in a value that a person made at the issuer, and let the run go on.
        PasteValue = "paste_value" [May Rotate] PastedValue => RunView:
            |app: &App, open: &Open, input| app.paste_value(open, input);
        /// Show what an issuer answered, where no value was found in it.
        RevealAnswer = "reveal_answer" [May UseSecrets] AnswerOf => RevealedAnswer:
            |app: &App, open: &Open, input| app.reveal_answer(open, &input);
        /// Put that into the clipboard.
        CopyAnswer = "copy_answer" [May UseSecrets] AnswerOf => Copied:
            |app: &App, open: &Open, input| app.copy_answer(open, &input);
        /// Look for keys of ours that nobody uses.
        FindOrphans = "find_orphans" [May Rotate] WhichAccount => RunsView:
            |app: &App, open: &Open, input| app.find_orphans(open, &input);
        /// Delete a key of ours that nobody uses, at its issuer.
        RemoveOrphan = "remove_orphan" [May Rotate] WhichOrphan => RunsView:
            |app: &App, open: &Open, input| app.remove_orphan(open, &input);

        /// The dependency map, laid out.
        ReadMap = "read_map" [May See] Showing => Picture:
            |app: &App, open: &Open, input| app.read_map(open, &input);
        /// What an action on credentials would reach.
        ReadRadius = "read_radius" [May See] RadiusOf => Radius:
            |app: &App, open: &Open, input| app.read_radius(open, &input);
        /// The expiry timeline.
        ReadTimeline = "read_timeline" [May See] Look => Timeline:
            |app: &App, open: &Open, input| app.read_timeline(open, &input);
        /// Move a planned rotation, or ask whether that may be.
        MovePlanned = "move_planned" [May Rotate] PlannedMove => MoveAnswer:
            |app: &App, open: &Open, input| app.move_planned(open, &input);
        /// Write the map or the timeline to a file.
        ExportPicture = "export_picture" [May See] PictureExport => ():
            |app: &App, open: &Open, input| app.export_picture(open, &input);

        /// What was told, and what is muted.
        ReadNotices = "read_notices" [May See] () => NoticesView:
            |app: &App, open: &Open, ()| app.read_notices(open);
        /// Tell nothing of a date for a while.
        SnoozeNotice = "snooze_notice" [May Rotate] Snooze => NoticesView:
            |app: &App, open: &Open, input| app.snooze_notice(open, &input);
        /// Say that notices are done.
        FinishNotices = "finish_notices" [May Rotate] Vec<WhichNotice> => NoticesView:
            |app: &App, open: &Open, input: Vec<_>| app.finish_notices(open, &input);
        /// Mute reminders by a rule.
        MuteReminders = "mute_reminders" [May Edit] Mute => NoticesView:
            |app: &App, open: &Open, input| app.mute_reminders(open, &input);
        /// Mute them no more.
        UnmuteReminders = "unmute_reminders" [May Edit] WhichMute => NoticesView:
            |app: &App, open: &Open, input| app.unmute_reminders(open, &input);
        /// The channels.
        ListChannels = "list_channels" [May See] () => ChannelsView:
            |app: &App, open: &Open, ()| app.list_channels(open);
        /// Keep a channel.
        SaveChannel = "save_channel" [May Edit] ChannelChange => ChannelsView:
            |app: &App, open: &Open, input| app.save_channel(open, input);
        /// Delete a channel, with what waits there.
        DeleteChannel = "delete_channel" [May Edit] WhichChannel => ChannelsView:
            |app: &App, open: &Open, input| app.delete_channel(open, &input);
        /// Send a test message, and say what came of it.
        TestChannel = "test_channel" [May Edit] WhichChannel => ChannelTried:
            |app: &App, open: &Open, input| app.test_channel(open, &input);
        /// Have messages sent again that were given up, or let them go.
        SettleUndelivered = "settle_undelivered" [May Rotate] Undelivered => NoticesView:
            |app: &App, open: &Open, input| app.settle_undelivered(open, &input);

        /// The emergencies.
        ListIncidents = "list_incidents" [May See] IncidentsOf => IncidentsView:
            |app: &App, open: &Open, input| app.list_incidents(open, input);
        /// An emergency.
        ReadIncident = "read_incident" [May See] WhichIncident => IncidentView:
            |app: &App, open: &Open, input| app.read_incident(open, input);
        /// Find whose values are in an emergency, and enter it.
        OpenIncident = "open_incident" [May Rotate] NewIncident => IncidentView:
            |app: &App, open: &Open, input| app.open_incident(open, &input);
        /// Find more of them.
        AddToIncident = "add_to_incident" [May Rotate] MoreScope => IncidentView:
            |app: &App, open: &Open, input| app.add_to_incident(open, &input);
        /// Change what is known of an emergency, or end it.
        ChangeIncident = "change_incident" [May Rotate] IncidentChange => IncidentView:
            |app: &App, open: &Open, input| app.change_incident(open, &input);
        /// Begin its rotations.
        StartIncident = "start_incident" [May Rotate] IncidentStart => IncidentView:
            |app: &App, open: &Open, input| app.start_incident(open, &input);
        /// Try each of its old values.
        TryIncident = "try_incident" [May Rotate] WhichIncident => IncidentTried:
            |app: &App, open: &Open, input| app.try_incident(open, input);
        /// Write its report.
        SaveReport = "save_report" [May See] ReportOf => ():
            |app: &App, open: &Open, input| app.save_report(open, &input);

        /// The sandbox of the demo, and what there is to try.
        ReadSandbox = "read_sandbox" [May See] () => SandboxView:
            |app: &App, open: &Open, ()| app.read_sandbox(open);
        /// Have things go wrong at the sandbox of the demo.
        SetSandbox = "set_sandbox" [May Rotate] keyturn_issuers::sandbox::Faults => SandboxView:
            |app: &App, open: &Open, input| app.set_sandbox(open, input);

        /// The backups.
        ListBackups = "list_backups" [May Backup] () => BackupsView:
            |app: &App, open: &Open, ()| app.list_backups(open);
        /// Make a backup now, beside the automatic ones.
        MakeBackup = "make_backup" [May Backup] () => BackupsView:
            |app: &App, open: &Open, ()| app.make_backup(open);
        /// Make a backup somewhere else.
        MakeBackupAt = "make_backup_at" [May Backup] FilePlace => CheckedBackup:
            |app: &App, open: &Open, input| app.make_backup_at(open, &input);
        /// Restore a backup for a trial, and throw the result away.
        TestBackup = "test_backup" [May Backup] FilePlace => CheckedBackup:
            |app: &App, open: &Open, input| app.test_backup(open, &input);
        /// Check every page of the vault and the whole audit log.
        CheckVault = "check_vault" [May See] () => Checked:
            |app: &App, open: &Open, ()| app.check_vault(open);
    }
    of_the_shell {
        /// End the program.
        Quit = "quit": () => ();
        /// Where the person was led from outside the window, once.
        TakeDestination = "take_destination": () => Option<Destination>;
        /// Ask the person for a place, by the system's own dialog.
        AskForPlace = "ask_for_place": AskPlace => Option<String>;
        /// Wait for what is told unasked.
        Hear = "hear": HeardSoFar => Vec<Told>;
    }
    events {
        /// The settings changed.
        SettingsChanged = "settings_changed": SettingsView;
        /// The program was started again while it ran.
        SecondStart = "second_start": ();
        /// The person is led to a place from outside the window; `take_destination` says where.
        DestinationChanged = "destination_changed": ();
        /// The vault was opened or changed in a way that the session shows.
        SessionChanged = "session_changed": SessionView;
        /// The vault will be locked soon.
        LockingSoon = "locking_soon": Countdown;
        /// How far a long piece of work is.
        WorkProgress = "work_progress": Progress;
        /// A file was dropped into the window.
        FileDropped = "file_dropped": FilePlace;
        /// Something in the inventory changed.
        InventoryChanged = "inventory_changed": ();
        /// Something happened to a run.
        RunsChanged = "runs_changed": ();
        /// Something in the centre of notices changed.
        NoticesChanged = "notices_changed": ();
        /// A value was put into the clipboard, or taken out of it.
        ClipboardChanged = "clipboard_changed": Option<Copied>;
    }
}

/// Gathers the TypeScript of the contract, each type once.
#[derive(Default)]
struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
    commands: Vec<String>,
    events: Vec<String>,
}

impl Types {
    fn command<C: Command>(&mut self) {
        self.visit::<C::Input>();
        self.visit::<C::Output>();
        let (input, output) = (C::Input::name(&self.config), C::Output::name(&self.config));
        self.commands.push(format!("  {}: {{ input: {input}, output: {output} }};", C::NAME));
    }

    fn event<E: Event>(&mut self) {
        self.visit::<E::Payload>();
        self.events.push(format!("  {}: {};", E::NAME, E::Payload::name(&self.config)));
    }

    fn text(self) -> String {
        let types: Vec<String> = self.declared.into_values().collect();
        let plain = PLAIN_COMMANDS.iter().filter(|(_, plain)| *plain);
        let plain: Vec<String> = plain.map(|(name, _)| format!("  '{name}',")).collect();
        let kinds: BTreeMap<_, _> =
            Kind::ALL.into_iter().map(|kind| (kind.as_str(), kind.fields())).collect();
        // Names and numbers only: it cannot fail.
        let kinds = serde_json::to_string_pretty(&kinds).unwrap_or_default();
        format!(
            "// Generated from src-tauri/crates/app/src/bridge.rs by `npm run fix`; never edited.\n\n\
             {}\n\n\
             /** What the window can ask, by name. */\n\
             export interface Commands {{\n{}\n}}\n\n\
             /** What the backend tells unasked, by name. */\n\
             export interface Events {{\n{}\n}}\n\n\
             /** What crosses as it is; everything else crosses in an envelope. */\n\
             export const PLAIN: ReadonlySet<keyof Commands> = new Set([\n{}\n] as const);\n\n\
             /** What each kind of credential is made of, in the order of the form. */\n\
             export const KINDS: Record<Kind, readonly Field[]> = {kinds};\n\n\
             /** The most characters of what is known of a credential; of a text bytes; parts are tags or fields. */\n\
             export const LIMITS = {{ name: {}, word: {}, tag: {}, text: {}, parts: {} }} as const;\n",
            types.join("\n\n"),
            self.commands.join("\n"),
            self.events.join("\n"),
            plain.join("\n"),
            Metadata::LONGEST_NAME,
            Metadata::LONGEST_WORD,
            Metadata::LONGEST_TAG,
            Metadata::LONGEST_TEXT,
            Metadata::MOST_PARTS,
        )
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only a type of ours has a place of its own to be declared.
        if T::output_path().is_some() {
            let name = T::name(&self.config);
            if self.declared.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.declared.insert(name, format!("{docs}export {}", T::decl(&self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
