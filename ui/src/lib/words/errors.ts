/**
 * Each error in three sentences: what happened, is anything lost, what next. A name in braces is
 * filled from the error's details.
 */
import type { MessageKey, UserError } from '$lib/bindings';
import { moment } from './times';

export interface ErrorWords {
  title: string;
  happened: string;
  lost: string;
  next: string;
}

const errors: Record<MessageKey, ErrorWords> = {
  'settings.broken': {
    title: 'Settings not understood',
    happened: 'The settings file has a fault at line {line}, column {column}: {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Mend the file and start Keyturn again, or start afresh; the old file is then kept beside the new one.',
  },
  'settings.newer': {
    title: 'Settings of a newer version',
    happened: 'A newer Keyturn wrote the settings file: {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Use the newer version, or start afresh; the old file is then kept beside the new one.',
  },
  'settings.unreadable': {
    title: 'Settings not readable',
    happened: 'The system does not let Keyturn read its settings file ({reason}): {file}',
    lost: 'No. The file is untouched, and the usual settings are in force.',
    next: 'Give your account the right to read that file and its folder, then try again.',
  },
  'settings.unwritable': {
    title: 'Settings not saved',
    happened: 'The system does not let Keyturn write its settings file ({reason}): {file}',
    lost: 'Only this change. What was saved before is still there.',
    next: 'Make room on the disk or give your account the right to write there, then try again.',
  },
  'vaults.broken': {
    title: 'List of vaults not understood',
    happened: 'The list of this computer’s vaults cannot be read, or is damaged: {file}',
    lost: 'No. The vaults are untouched, and this list is kept beside the new one.',
    next: 'Open your vault by its folder; Keyturn remembers it again.',
  },
  'log.unwritable': {
    title: 'No log is written',
    happened: 'Keyturn cannot write its log in {folder}',
    lost: 'No. Everything works, but there is no log to look into should something fail.',
    next: 'Give your account the right to write in that folder, then start Keyturn again.',
  },
  'vault.wrongKey': {
    title: 'Not unlocked',
    happened: "That passphrase doesn't open this vault.",
    lost: 'Nothing changed.',
    next: 'Check Caps Lock and layout, or use the recovery key.',
  },
  'vault.wait': {
    title: 'A short wait',
    happened: 'Several tries in a row did not open this vault.',
    lost: 'Nothing changed.',
    next: 'You can try again in {seconds} s.',
  },
  'vault.missing': {
    title: 'No vault at this place',
    happened: 'There is no vault in {folder}',
    lost: 'Keyturn changed nothing there. The folder may have been moved, or its disk is not connected.',
    next: 'Connect the disk or open the vault where it is now. If it is gone, restore it from a backup.',
  },
  'vault.empty': {
    title: 'Vault file empty',
    happened: 'A file of the vault has nothing in it: {file}',
    lost: 'What that file held is not at this place any more. Keyturn changed nothing.',
    next: 'Keep the folder as it is and restore the vault from a backup.',
  },
  'vault.truncated': {
    title: 'Vault file incomplete',
    happened: 'A file of the vault is shorter than it was: {file}',
    lost: 'Its end is missing at this place. Keyturn changed nothing.',
    next: 'If the folder is synchronised, wait until that is done and try again. Otherwise restore the vault from a backup.',
  },
  'vault.headerDamaged': {
    title: 'Vault header damaged',
    happened: 'The file that says how the vault opens is not what Keyturn wrote: {file}',
    lost: 'The database may be whole, but it cannot be opened without this file. Keyturn changed nothing.',
    next: 'Keep the folder as it is and restore the vault from a backup.',
  },
  'vault.headerForged': {
    title: 'Vault header changed from outside',
    happened: 'Somebody without the keys of the vault changed this file: {file}',
    lost: 'Nothing inside the vault was read or changed. It stays closed.',
    next: 'Find out who can write to that folder, then restore the vault from a backup.',
  },
  'vault.other': {
    title: 'Files of two vaults',
    happened: 'Header and database belong to different vaults: {folder}',
    lost: 'No. Keyturn changed nothing.',
    next: 'Put the files that belong together back into one folder, or restore the vault from a backup.',
  },
  'vault.damaged': {
    title: 'Vault damaged',
    happened: 'The vault fails its integrity check: {file}',
    lost: 'A part of it cannot be trusted. Keyturn changed nothing.',
    next: 'Restore the newest good backup, and keep the damaged folder.',
  },
  'vault.olderPart': {
    title: 'Part of the vault is older',
    happened: 'A part of the database is older than the rest: {file}',
    lost: 'Changes made since then are not at this place. Keyturn changed nothing.',
    next: 'If the folder is synchronised, wait until that is done and try again. Otherwise restore the newest backup.',
  },
  'vault.olderState': {
    title: 'Older than last time',
    happened: 'This vault is older than when this computer last saw it.',
    lost: 'Changes made since then are not in it: new credentials, or members who were removed.',
    next: 'If you put an older copy back on purpose, go on. Otherwise lock the vault and find out who replaced it.',
  },
  'vault.newer': {
    title: 'Vault of a newer version',
    happened: 'A newer Keyturn wrote this vault (format {format}): {file}',
    lost: 'No. Keyturn changed nothing.',
    next: 'Open it with the newer version of Keyturn.',
  },
  'vault.costRefused': {
    title: 'Unusual vault header',
    happened: 'The vault asks for more or less work to unlock than Keyturn allows: {file}',
    lost: 'No. Keyturn did not try the passphrase and changed nothing.',
    next: 'Somebody may have changed the file. Restore the vault from a backup.',
  },
  'vault.noMemory': {
    title: 'Not enough memory',
    happened:
      'Unlocking needs {megabytes} MB of free memory, and the computer has no more to give.',
    lost: 'No. Nothing changed.',
    next: 'Close other programs, then try again.',
  },
  'vault.held': {
    title: 'Open elsewhere',
    happened: 'Another program holds this vault (process {process} on {computer}, since {since}).',
    lost: 'No. You can look around here. Nothing is saved, and no secret is shown or copied, as that could not be entered in the audit log.',
    next: 'Close the vault there, then lock and unlock it here.',
  },
  'vault.taken': {
    title: 'Place taken',
    happened: 'There is something at this place already: {folder}',
    lost: 'No. Keyturn does not write over it.',
    next: 'Choose another place or another name.',
  },
  'vault.unreadable': {
    title: 'Vault not readable',
    happened: 'The system does not let Keyturn read a file of the vault ({reason}): {file}',
    lost: 'No. Keyturn changed nothing.',
    next: 'Give your account the right to read that file and its folder, then try again.',
  },
  'vault.unwritable': {
    title: 'Not saved',
    happened: 'The system does not let Keyturn write a file of the vault ({reason}): {file}',
    lost: 'Only this change. What was saved before is still there.',
    next: 'Give your account the right to write in that folder, then try again.',
  },
  'vault.diskFull': {
    title: 'Disk full',
    happened: "Keyturn couldn't save: there is no room left on the disk of {file}",
    lost: 'Only this change. What was saved before is still there.',
    next: 'Free some space, then try again.',
  },
  'vault.locked': {
    title: 'The vault is locked',
    happened: 'The vault was locked before this could be done.',
    lost: 'Nothing that was saved before.',
    next: 'Unlock the vault, then do it again.',
  },
  'vault.changed': {
    title: 'Changed meanwhile',
    happened: 'Somebody else changed this after you opened it.',
    lost: 'Your change was not saved, so that it does not undo theirs.',
    next: 'Look at what is there now, then decide again.',
  },
  'role.missing': {
    title: 'Not with your role',
    happened: 'Your role, {role}, does not allow this.',
    lost: 'Nothing changed.',
    next: 'Ask an owner or an admin of this vault.',
  },
  'member.lastOwner': {
    title: 'The last owner',
    happened: 'A vault always has an owner, and this is the last one.',
    lost: 'Nothing changed.',
    next: 'Make another member an owner first.',
  },
  'member.gone': {
    title: 'Not a member any more',
    happened: 'That member was removed meanwhile.',
    lost: 'Nothing changed.',
    next: 'Look at the list as it is now.',
  },
  'member.nameTaken': {
    title: 'Name taken',
    happened: 'Another member is called {name} already.',
    lost: 'Nothing changed.',
    next: 'Choose a name that tells the two apart.',
  },
  'name.refused': {
    title: 'Name not possible',
    happened: 'A name has 1 to 100 characters that can all be seen.',
    lost: 'Nothing changed.',
    next: 'Choose another name.',
  },
  'passphrase.weak': {
    title: 'Too easy to guess',
    happened: 'That passphrase is too easy to guess.',
    lost: 'Nothing changed.',
    next: 'Take at least 15 characters, or let Keyturn generate six words.',
  },
  'passphrase.wrong': {
    title: 'Not your passphrase',
    happened: 'That is not the passphrase you unlocked this vault with.',
    lost: 'Nothing changed.',
    next: 'Check Caps Lock and layout, then type it again.',
  },
  'recoveryKey.mistyped': {
    title: 'Typing error',
    happened: 'That is not a whole recovery key; a character is missing or different.',
    lost: 'Nothing changed.',
    next: 'Compare it group by group with your sheet. Case, blanks and dashes do not matter.',
  },
  'recoveryKey.other': {
    title: 'Another recovery key',
    happened: 'That is a recovery key, but not the one in force here.',
    lost: 'Nothing changed.',
    next: 'Check vault, name and date on the sheet: each member has an own key, and a new one replaces the old.',
  },
  'invitation.mistyped': {
    title: 'Typing error',
    happened: 'That is not a whole invitation code; a character is missing or different.',
    lost: 'Nothing changed.',
    next: 'Compare it group by group. Case, blanks and dashes do not matter.',
  },
  'invitation.over': {
    title: 'Invitation over',
    happened: 'This invitation ended on {until}.',
    lost: 'Nothing changed.',
    next: 'Ask whoever invited you for a new one.',
  },
  'login.refused': {
    title: 'Start at login not changed',
    happened: 'The system refused to change whether Keyturn starts when you log in.',
    lost: 'Nothing changed; the switch shows what is in force.',
    next: 'Give your account the right to write its autostart folder (on Linux ~/.config/autostart), then try again; or add Keyturn in the settings of your desktop.',
  },
  'keyRing.missing': {
    title: 'No key ring',
    happened: 'No system key ring is running.',
    lost: 'No. Your vault is fine.',
    next: 'Unlock with the passphrase.',
  },
  'keyRing.refused': {
    title: 'Key ring closed',
    happened: 'The system key ring is locked or does not answer.',
    lost: 'No. Your vault is fine.',
    next: 'Unlock the key ring of your desktop and try again, or use the passphrase.',
  },
  'keyRing.over': {
    title: 'Passphrase due',
    happened: 'The key ring may not unlock this vault any longer; that ends every few days.',
    lost: 'No. Your vault is fine.',
    next: 'Unlock with the passphrase. You can turn the key ring on again under Security.',
  },
  'backup.missing': {
    title: 'No backup there',
    happened: 'There is no backup at this place: {file}',
    lost: 'Keyturn changed nothing. The file may have been moved, or its disk is not connected.',
    next: 'Connect the disk, or choose another backup.',
  },
  'backup.notOne': {
    title: 'Not a backup',
    happened: 'This file is not a backup of Keyturn: {file}',
    lost: 'No. Keyturn changed nothing.',
    next: 'Choose another file; backups end in .keyturn-backup.',
  },
  'backup.damaged': {
    title: 'Backup damaged',
    happened: 'This backup is not what Keyturn wrote: {file}',
    lost: 'A part of this copy cannot be trusted. Your vault is not touched.',
    next: 'Choose another backup, and make a new one of the vault as it is now.',
  },
  'backup.newer': {
    title: 'Backup of a newer version',
    happened: 'A newer Keyturn made this backup (format {format}): {file}',
    lost: 'No. Keyturn changed nothing.',
    next: 'Restore it with the newer version of Keyturn.',
  },
  'backup.failed': {
    title: 'No backup today',
    happened: 'The daily backup could not be written ({reason}) in {folder}',
    lost: 'No. The vault is saved, and earlier backups are still there.',
    next: 'Make room or give your account the right to write there, then back up now.',
  },
  'file.taken': {
    title: 'File exists already',
    happened: 'There is a file of that name already: {file}',
    lost: 'No. Keyturn does not write over it.',
    next: 'Choose another name.',
  },
  'file.unreadable': {
    title: 'File not readable',
    happened: 'The system does not let Keyturn read this file ({reason}): {file}',
    lost: 'No. Nothing changed.',
    next: 'Give your account the right to read it, or choose another file.',
  },
  'file.unwritable': {
    title: 'File not written',
    happened: 'The system does not let Keyturn write this file ({reason}): {file}',
    lost: 'Nothing that was saved before.',
    next: 'Choose another place, or make room there and try again.',
  },
  'credential.gone': {
    title: 'Credential gone',
    happened: 'This credential is not there any more: {name}',
    lost: 'Nothing of yours. Somebody deleted it, or an import was taken back.',
    next: 'Go back to the inventory and look for it there.',
  },
  'credential.unreadable': {
    title: 'Unreadable in part',
    happened: 'This cannot be read here: {what}. Another version of Keyturn may have written it.',
    lost: 'Nothing. It is kept as it is, and nothing is written over it.',
    next: 'Open the vault with the newest Keyturn. Its values can be revealed and copied here.',
  },
  'credential.refused': {
    title: 'Not saved yet',
    happened: 'Something in the form cannot be taken: {what}',
    lost: 'Nothing. What you typed is still there.',
    next: 'Mend the fields that are marked, then save again.',
  },
  'delete.mistyped': {
    title: 'Not deleted',
    happened: 'What you typed is not what was asked for.',
    lost: 'Nothing was deleted.',
    next: 'Type exactly what the dialog shows, or cancel.',
  },
  'rotation.inProgress': {
    title: 'Rotation in progress',
    happened: 'A rotation of this credential has not ended yet, so this could not be done.',
    lost: 'Nothing changed.',
    next: 'Open the rotation and let it end, or stop and undo it; then try again.',
  },
  'rotation.open': {
    title: 'A rotation is open',
    happened:
      'Removing a member changes every key of the vault. That waits for rotations to end: {which}',
    lost: 'Nothing changed. {name} is still a member.',
    next: 'Open Rotations, let each of them end or undo it, then remove the member.',
  },
  'rotation.notSetUp': {
    title: 'Rotation not set up',
    happened: 'Nobody said how this credential is rotated, or its issuer account is gone.',
    lost: 'Nothing. The credential works as before.',
    next: 'Choose an issuer account in the tab Rotation of the credential.',
  },
  'rotation.cycle': {
    title: 'It would cut itself off',
    happened:
      'The issuer account, or a delivery, reload or health check, logs in with the very credential that would be rotated.',
    lost: 'Nothing changed.',
    next: 'Give the issuer account, delivery, reload or health check a login of its own, then rotate.',
  },
  'rotation.keyUnknown': {
    title: 'Nobody knows the old key’s name',
    happened: 'Without the issuer’s name for the present value nobody could revoke it afterwards.',
    lost: 'Nothing changed.',
    next: 'Enter the key ID of the present value in the credential, then rotate.',
  },
  'rotation.consent': {
    title: 'Consent needed',
    happened: 'At this issuer the old value stops working before the new one is delivered.',
    lost: 'Nothing changed.',
    next: 'Read the plan, agree to it, and begin again.',
  },
  'rotation.gone': {
    title: 'Rotation gone',
    happened: 'This rotation is not there any more: its credential was deleted.',
    lost: 'Its history went with the credential. The audit log still has it.',
    next: 'Go back to the list of rotations.',
  },
  'rotation.cannotRevoke': {
    title: 'Cannot only revoke',
    happened: 'This issuer takes a value back only by making another one.',
    lost: 'Nothing changed.',
    next: 'Choose “Revoke first”: the new value takes the place of the old one at once.',
  },
  'incident.nothing': {
    title: 'Nothing of this vault is in it',
    happened: 'No value of this vault was found there.',
    lost: 'Nothing changed.',
    next: 'Look elsewhere, or choose the credentials in the inventory.',
  },
  'incident.open': {
    title: 'Not all is revoked',
    happened: 'The old values of {count} credentials are not proven to be refused.',
    lost: 'Nothing changed; the incident stays open.',
    next: 'Try them again, or say why it is closed all the same.',
  },
  'incident.closed': {
    title: 'Closed',
    happened: '{reference} was closed.',
    lost: 'Nothing changed.',
    next: 'Begin another one for what comes up later.',
  },
  'incident.mistyped': {
    title: 'Not the reference',
    happened: 'What you typed is not {reference}.',
    lost: 'Nothing was started.',
    next: 'Type {reference}, as something in production goes down.',
  },
  'incident.gone': {
    title: 'No such incident',
    happened: 'This incident is not there, or a newer version of Keyturn wrote it.',
    lost: 'Nothing changed.',
    next: 'Go back to the list of incidents.',
  },
  'setup.inUse': {
    title: 'Still in use',
    happened:
      'Something still needs it: a credential is rotated by it, or a rotation is in progress.',
    lost: 'Nothing changed.',
    next: 'Give those credentials another issuer account or let the rotation end, then delete it.',
  },
  'setup.gone': {
    title: 'Not there any more',
    happened: 'Somebody deleted or changed it meanwhile.',
    lost: 'Nothing of what is kept. What you typed was not saved.',
    next: 'Close this, and look at the list again.',
  },
  'orphan.kept': {
    title: 'Key not deleted',
    happened: 'Nothing proves that the key is ours and unused, or the issuer still lists it.',
    lost: 'Nothing changed. The key may still work.',
    next: 'Wait a few minutes and try again, or delete it at the issuer’s console.',
  },
  'orphan.deleting': {
    title: 'A rotation sees to this key',
    happened: 'The rotation that may have left this key is still open, and sees to it itself.',
    lost: 'Nothing changed.',
    next: 'Let that rotation end or undo it. If the key is still listed afterwards, delete it then.',
  },
  'issuer.cannotList': {
    title: 'No list at this issuer',
    happened:
      'This issuer cannot tell which of its keys Keyturn made, so nobody can look for orphans from here.',
    lost: 'Nothing changed. This does not mean that there is none.',
    next: 'Look at the issuer’s console for keys whose name begins with “keyturn-”, and delete those that no credential uses.',
  },
  'issuer.failed': {
    title: 'Issuer did not do it',
    happened: 'The issuer did not answer, or refused what it was asked for.',
    lost: 'Nothing of yours. Every key that may live is still listed here.',
    next: 'Test the issuer account, then try again.',
  },
  'value.none': {
    title: 'No such value',
    happened: 'This version has no value in that field.',
    lost: 'Nothing changed.',
    next: 'Choose another version or field.',
  },
  'value.passphrase': {
    title: 'Passphrase needed',
    happened:
      'This credential is high risk, and your passphrase was asked for more than 5 minutes ago.',
    lost: 'Nothing was shown.',
    next: 'Type your passphrase to go on.',
  },
  'clipboard.missing': {
    title: 'No clipboard',
    happened: 'The system’s clipboard does not answer ({reason}).',
    lost: 'Nothing was copied.',
    next: 'Reveal the value and select it there, or try again.',
  },
  'policy.refused': {
    title: 'Not saved yet',
    happened: 'The policy cannot be one as it is.',
    lost: 'Nothing. What you typed is still there.',
    next: 'Mend what is marked, then save again.',
  },
  'mute.reason': {
    title: 'Say why',
    happened: 'This would mute reminders of credentials of high risk, and no reason was given.',
    lost: 'Nothing changed: they are told as before.',
    next: 'Write down why, then mute them again.',
  },
  'name.taken': {
    title: 'Name taken',
    happened: 'There is one of that name already: {name}',
    lost: 'Nothing changed.',
    next: 'Choose another name.',
  },
  'import.notOne': {
    title: 'Unknown kind of file',
    happened: 'Keyturn does not recognise what is in this file: {file}',
    lost: 'No. Nothing was read in.',
    next: 'Export it as KDBX, 1PUX, Bitwarden JSON or CSV, and choose that file.',
  },
  'import.wrongPassword': {
    title: 'Password does not fit',
    happened:
      'This password does not open the file, or the file needs a key file as well, which Keyturn cannot use.',
    lost: 'No. Nothing was read in.',
    next: 'Check Caps Lock and try again, or save the file without a key file.',
  },
  'import.passwordNeeded': {
    title: 'File is encrypted',
    happened: 'The file opens with a password only.',
    lost: 'No. Nothing was read in.',
    next: 'Type the password that the file was saved with.',
  },
  'import.tooLarge': {
    title: 'File too large',
    happened: 'The file, or what it unpacks to, is larger than Keyturn reads ({most}).',
    lost: 'No. Nothing was read in.',
    next: 'Export it in parts and read them one after the other.',
  },
  'import.tooCostly': {
    title: 'File asks for too much',
    happened: 'Opening the file would take more memory or time than Keyturn allows.',
    lost: 'No. Nothing was read in.',
    next: 'Save it in its own program with lower key-derivation settings, then try again.',
  },
  'import.tooMany': {
    title: 'Too much in the file',
    happened: 'The file has more entries, or deeper groups, than Keyturn reads ({most}).',
    lost: 'No. Nothing was read in.',
    next: 'Export it in parts and read them one after the other.',
  },
  'import.damaged': {
    title: 'File is damaged',
    happened: 'The file cannot be read at {at}.',
    lost: 'No. Nothing was read in, and the file is as it was.',
    next: 'Export it anew and choose that file.',
  },
  'import.newer': {
    title: 'File is too new',
    happened: 'The file has version {version}, which this Keyturn does not know.',
    lost: 'No. Nothing was read in.',
    next: 'Update Keyturn, or export in an older version.',
  },
  'import.empty': {
    title: 'Nothing in the file',
    happened: 'The file has no entries.',
    lost: 'No. There was nothing to read in.',
    next: 'Choose another file.',
  },
  'import.cancelled': {
    title: 'Stopped',
    happened: 'You stopped the import before its end.',
    lost: 'No. Nothing was read in.',
    next: 'Begin again whenever you like.',
  },
  'import.unsupported': {
    title: 'File not understood',
    happened: 'The file cannot be read: {what}',
    lost: 'No. Nothing was read in.',
    next: 'Export it in another format, for example CSV.',
  },
  'import.gone': {
    title: 'Begin again',
    happened: 'The file that was looked at is not at hand any more.',
    lost: 'No. Nothing was read in.',
    next: 'Choose the file once more.',
  },
  'import.undoOver': {
    title: 'Too late to take back',
    happened:
      'The import is more than 10 minutes ago, the vault was locked since, or what it brought was changed.',
    lost: 'Nothing. What came in is there.',
    next: 'Archive or delete what you do not want.',
  },
  'kubectl.missing': {
    title: 'No kubectl here',
    happened: 'The program kubectl was not found on this computer.',
    lost: 'No. Nothing was asked and nothing changed.',
    next: 'Install kubectl, or run the command elsewhere and paste what it prints.',
  },
  'kubectl.failed': {
    title: 'kubectl gave no answer',
    happened: 'kubectl ended with an error, or did not answer within a minute.',
    lost: 'No. The cluster was only asked, and nothing changed.',
    next: 'Run the command in a terminal to see what is wrong, then try again.',
  },
  'finds.gone': {
    title: 'Search again',
    happened: 'What was found is not at hand any more.',
    lost: 'No. Nothing was accepted.',
    next: 'Search once more, then accept.',
  },
  'export.failed': {
    title: 'Not exported',
    happened: 'The file could not be made ({reason}).',
    lost: 'No. Nothing was written.',
    next: 'Try another format, or tell us the code below.',
  },
  'audit.broken': {
    title: 'Audit log changed',
    happened: 'The audit log is not what Keyturn wrote, from entry #{number} on.',
    lost: 'Earlier entries are intact. What happened since cannot be proven.',
    next: 'Keep this vault as it is for whoever looks into it, and compare it with a backup.',
  },
  'input.refused': {
    title: 'Not possible',
    happened: 'Keyturn did not understand what was asked.',
    lost: 'Nothing changed.',
    next: 'Check what you entered. If it looks right, report it with the copied details.',
  },
  internal: {
    title: 'A fault in Keyturn',
    happened: 'Keyturn did not get an answer from a part of its own.',
    lost: 'Nothing that was saved before.',
    next: 'Try again. If it happens again, start Keyturn anew and report it with the copied details.',
  },
};

/** The words of `error`, its details filled in. */
export function wordsOf(error: UserError): ErrorWords {
  const fill = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (_, name: string) => readable(name, error.details));
  const { title, happened, lost, next } = errors[error.messageKey];
  return { title, happened: fill(happened), lost: fill(lost), next: fill(next) };
}

/** Moments come in milliseconds, a place as a file or as its folder; the rest as people read it. */
function readable(name: string, details: UserError['details']): string {
  const place = details['file'] ?? details['folder'];
  const detail = details[name] ?? (['file', 'folder'].includes(name) ? place : undefined);
  if (detail === undefined) return 'unknown';
  return ['since', 'until'].includes(name) && /^\d+$/.test(detail) ? moment(+detail) : detail;
}

/** The same as one text, where the three questions have no room: below a field. */
export function sentenceOf(error: UserError): string {
  const { happened, lost, next } = wordsOf(error);
  const end = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
  return [end(happened), lost.replace(/^No\. /, ''), next].join(' ');
}

/** What a person can paste into a report. */
export function detailsOf(error: UserError): string {
  const words = wordsOf(error);
  return [error.code, words.happened, words.lost, words.next].join('\n');
}
