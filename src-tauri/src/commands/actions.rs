//! The actions of crate `app`, each callable by its name.

use keyturn_app::{App, UserError, bridge};
use serde_json::Value;
use tauri::State;

use super::off_the_window;

macro_rules! actions {
    ($($name:ident = $action:ident;)+) => {$(
        #[tauri::command]
        pub(crate) async fn $name(
            app: State<'_, App>,
            input: Value,
        ) -> Result<Value, UserError> {
            let app = app.inner().clone();
            off_the_window(move || bridge::$action::ask(&app, input)).await?
        }
    )+};
}

actions! {
    begin_envelope = BeginEnvelope;
    read_about = ReadAbout;
    read_settings = ReadSettings;
    reset_settings = ResetSettings;
    read_session = ReadSession;
    look_at_vault = LookAtVault;
    forget_vault = ForgetVault;
    suggest_place = SuggestPlace;
    weigh_passphrase = WeighPassphrase;
    suggest_passphrase = SuggestPassphrase;
    create_vault = CreateVault;
    make_demo = MakeDemo;
    unlock_vault = UnlockVault;
    accept_invitation = AcceptInvitation;
    look_at_backup = LookAtBackup;
    restore_backup = RestoreBackup;
    lock_vault = LockVault;
    stay_unlocked = StayUnlocked;
    change_passphrase = ChangePassphrase;
    make_recovery_key = MakeRecoveryKey;
    prove_recovery_key = ProveRecoveryKey;
    save_recovery_sheet = SaveRecoverySheet;
    prove_recovery_sheet = ProveRecoverySheet;
    read_key_ring = ReadKeyRing;
    turn_on_key_ring = TurnOnKeyRing;
    turn_off_key_ring = TurnOffKeyRing;
    list_members = ListMembers;
    invite_member = InviteMember;
    change_member = ChangeMember;
    remove_member = RemoveMember;
    list_credentials = ListCredentials;
    read_credential = ReadCredential;
    read_activity = ReadActivity;
    read_words = ReadWords;
    recognise_paste = RecognisePaste;
    weigh_credential = WeighCredential;
    generate_value = GenerateValue;
    add_credentials = AddCredentials;
    change_credential = ChangeCredential;
    replace_value = ReplaceValue;
    duplicate_credential = DuplicateCredential;
    change_many = ChangeMany;
    delete_credentials = DeleteCredentials;
    reveal_value = RevealValue;
    copy_value = CopyValue;
    clear_clipboard = ClearClipboard;
    list_policies = ListPolicies;
    try_policy = TryPolicy;
    save_policy = SavePolicy;
    delete_policy = DeletePolicy;
    list_views = ListViews;
    save_view = SaveView;
    delete_view = DeleteView;
    look_at_import = LookAtImport;
    preview_import = PreviewImport;
    cancel_import = CancelImport;
    read_import = ReadImport;
    read_losses = ReadLosses;
    run_import = RunImport;
    undo_import = UndoImport;
    delete_import_file = DeleteImportFile;
    export_credentials = ExportCredentials;
    list_accounts = ListAccounts;
    save_account = SaveAccount;
    delete_account = DeleteAccount;
    look_for_uses = LookForUses;
    stop_looking = StopLooking;
    read_finds = ReadFinds;
    accept_finds = AcceptFinds;
    try_account = TryAccount;
    list_consumers = ListConsumers;
    save_consumer = SaveConsumer;
    delete_consumer = DeleteConsumer;
    save_binding = SaveBinding;
    delete_binding = DeleteBinding;
    try_binding = TryBinding;
    read_rotation = ReadRotation;
    set_up_rotation = SetUpRotation;
    plan_rotation = PlanRotation;
    begin_rotation = BeginRotation;
    list_runs = ListRuns;
    pause_automatic = PauseAutomatic;
    read_run = ReadRun;
    ask_run = AskRun;
    paste_value = PasteValue;
    reveal_answer = RevealAnswer;
    copy_answer = CopyAnswer;
    find_orphans = FindOrphans;
    remove_orphan = RemoveOrphan;
    read_map = ReadMap;
    read_radius = ReadRadius;
    read_timeline = ReadTimeline;
    move_planned = MovePlanned;
    export_picture = ExportPicture;
    read_notices = ReadNotices;
    snooze_notice = SnoozeNotice;
    finish_notices = FinishNotices;
    mute_reminders = MuteReminders;
    unmute_reminders = UnmuteReminders;
    list_channels = ListChannels;
    save_channel = SaveChannel;
    delete_channel = DeleteChannel;
    test_channel = TestChannel;
    settle_undelivered = SettleUndelivered;
    list_incidents = ListIncidents;
    read_incident = ReadIncident;
    open_incident = OpenIncident;
    add_to_incident = AddToIncident;
    change_incident = ChangeIncident;
    start_incident = StartIncident;
    try_incident = TryIncident;
    save_report = SaveReport;
    read_sandbox = ReadSandbox;
    set_sandbox = SetSandbox;
    list_backups = ListBackups;
    make_backup = MakeBackup;
    make_backup_at = MakeBackupAt;
    test_backup = TestBackup;
    check_vault = CheckVault;
}
