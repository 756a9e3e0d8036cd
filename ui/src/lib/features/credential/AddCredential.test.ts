import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { Done, NewCredential, OpenVault } from '$lib/bindings';
import type { Answers } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { openVault, sessionView, slow, startSession } from '$lib/features/vault/testing/made';
import AddCredential from './AddCredential.svelte';
import { FORM_ANSWERS, NO_FACTS, weigh } from './testing/made';

const KEY = 'sk_live_9fK2mQ7xZ4';
const ADDED: Done[] = [{ id: 'c9', name: 'stripe', problem: null }];

async function start(answers: Answers = {}, vault: OpenVault = openVault()) {
  const { session, backend } = await startSession(sessionView({ vault }), {
    ...FORM_ANSWERS,
    recognise_paste: () => ({
      kind: 'apiKey',
      name: 'stripe',
      issuer: 'stripe.com',
      environment: 'prod',
      fields: { secret: KEY },
    }),
    add_credentials: () => ADDED,
    ...answers,
  });
  const onclose = vi.fn();
  const onadded = vi.fn();
  const { unmount } = render(AddCredential, { session, vault, onclose, onadded });
  await screen.findByRole('dialog', { name: 'Add credential' });
  const added = () =>
    backend.asked.filter(({ name }) => name === 'add_credentials').map(({ input }) => input);
  return { user: userEvent.setup(), backend, unmount, onclose, onadded, added };
}

const pasteField = () => screen.getByLabelText('Paste it here');
const save = () => screen.getByRole('button', { name: /^Add credential/ });

describe('adding a credential', () => {
  it('takes a paste and one chord: the form is filled, the policy is there, it is saved', async () => {
    const { user, added, onadded, onclose } = await start();
    expect(pasteField()).toHaveFocus();
    await user.paste(KEY);
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveValue('stripe'));
    expect(screen.getByLabelText('Environment')).toHaveValue('prod');
    expect(screen.getByLabelText('Secret')).toHaveValue(KEY);
    expect(screen.getByText('Filled in: API key, issued by stripe.com.')).toBeVisible();
    expect(screen.getByRole('combobox', { name: 'Policy' })).toHaveDisplayValue(
      'Usual for API keys: every 30 days',
    );
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(onadded).toHaveBeenCalledWith('c9'));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    const [[entry]] = added() as [[NewCredential]];
    expect(entry.secrets).toEqual({ secret: KEY });
    expect(entry.metadata).toMatchObject({ name: 'stripe', policy: 'usual', issuer: 'stripe.com' });
    expect(entry.request).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has no violations, and empties the paste field, as the secret stands below', async () => {
    const { user } = await start();
    await user.paste(KEY);
    await waitFor(() => expect(screen.getByLabelText('Secret')).toHaveValue(KEY));
    expect(pasteField()).toHaveValue('');
    expect(screen.getByLabelText('Secret')).toHaveAttribute('type', 'password');
    await expectNoViolations();
  });

  it('keeps the name that somebody typed when another key is pasted', async () => {
    const { user } = await start();
    await user.type(screen.getByLabelText('Name'), 'mine');
    await user.click(pasteField());
    await user.paste(KEY);
    await waitFor(() => expect(screen.getByLabelText('Secret')).toHaveValue(KEY));
    expect(screen.getByLabelText('Name')).toHaveValue('mine');
  });

  it('takes what it does not know as the value, and says so', async () => {
    const { user } = await start({ recognise_paste: () => null });
    await user.paste('whatever');
    await waitFor(() => expect(screen.getByLabelText('Secret')).toHaveValue('whatever'));
    expect(screen.getByText('Not recognised. Taken as the value of the API key.')).toBeVisible();
  });

  it('takes the secret along when the kind is changed', async () => {
    const { user } = await start();
    await user.type(screen.getByLabelText('Secret'), 'abc');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'Login');
    expect(screen.getByLabelText('Password')).toHaveValue('abc');
    expect(screen.getByLabelText('Address')).toBeVisible();
  });

  it('asks for nothing until somebody saves; then the first fault has focus', async () => {
    const { user, added } = await start();
    await user.click(screen.getByLabelText('Secret'));
    await user.tab();
    expect(screen.queryByText('Fill this in.')).toBeNull();
    await user.click(save());
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
    expect(screen.getByLabelText('Name')).toHaveAccessibleDescription('Type a name.');
    expect(screen.getByLabelText('Secret')).toHaveAccessibleDescription('Fill this in.');
    expect(added()).toEqual([]);
  });

  it('keeps no two fields of one name, as one would be lost', async () => {
    const { user, added } = await start();
    await user.type(screen.getByLabelText('Secret'), 'abc');
    await user.type(screen.getByLabelText('Name'), 'gateway');
    await user.click(screen.getByText(/^More:/));
    await user.click(screen.getByRole('button', { name: 'Add field' }));
    await user.click(screen.getByRole('button', { name: 'Add secret field' }));
    await user.type(screen.getByLabelText('Name of field 1'), 'pin');
    await user.type(screen.getByLabelText('Value of field 1'), '1');
    await user.type(screen.getByLabelText('Name of field 2'), 'pin ');
    await user.type(screen.getByLabelText('Value of field 2'), '2');
    await user.click(save());
    await waitFor(() => expect(screen.getByLabelText('Name of field 2')).toBeInvalid());
    expect(screen.getByLabelText('Name of field 1')).toBeValid();
    expect(added()).toEqual([]);
    await user.type(screen.getByLabelText('Name of field 2'), 'code');
    await user.click(save());
    await waitFor(() => expect(added()).toHaveLength(1));
  });

  it('says at each field what is wrong with it', async () => {
    const long = 'x'.repeat(256 * 1024 + 1);
    const { user } = await start({
      weigh_credential: (entry) => ({
        ...weigh(entry),
        metadataFaults: ['notes', 'ownField'],
      }),
    });
    await user.click(screen.getByText(/^More:/));
    for (const secret of [false, false, true, false]) {
      await user.click(
        screen.getByRole('button', { name: secret ? 'Add secret field' : 'Add field' }),
      );
    }
    const own = (part: string, index: number) => screen.getByLabelText(`${part} of field ${index}`);
    const paste = async (field: HTMLElement, text: string) => {
      await user.click(field);
      await user.paste(text);
    };
    await paste(own('Name', 1), 'x'.repeat(101));
    await paste(own('Name', 2), 'note');
    await paste(own('Value', 2), long);
    await paste(own('Name', 3), 'pin');
    await paste(own('Value', 3), long);
    await user.click(save());
    await waitFor(() => expect(own('Name', 1)).toBeInvalid());
    expect(screen.getByLabelText('Notes')).toBeInvalid();
    expect(screen.getByLabelText('Description')).toBeValid();
    expect(own('Name', 2)).toBeValid();
    expect(own('Value', 2)).toBeInvalid();
    expect(own('Name', 3)).toBeValid();
    expect(own('Value', 3)).toBeInvalid();
    // Nothing is typed there, and nothing of it is kept.
    expect(own('Name', 4)).toBeValid();
  });

  it('says what is wrong with a field once it was left', async () => {
    const { user } = await start({
      weigh_credential: (entry) => ({
        ...weigh(entry),
        faults: [{ field: 'secret', why: { is: 'notOneLine' } }],
      }),
    });
    await user.type(screen.getByLabelText('Secret'), 'a');
    expect(screen.getByLabelText('Secret')).toBeValid();
    await user.tab();
    await user.tab();
    await waitFor(() => expect(screen.getByLabelText('Secret')).toBeInvalid());
  });

  it('adds once, however often it is pressed, and always with the same key', async () => {
    const work = slow<Done[]>();
    const { user, added } = await start({ add_credentials: () => work.promise });
    await user.paste(KEY);
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveValue('stripe'));
    await user.click(save());
    await user.click(save());
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(added()).toHaveLength(1));
    work.end([{ id: null, name: '', problem: null }]);
  });

  it('does not let anybody type an expiry that the value tells', async () => {
    const expires = new Date(2031, 4, 6).getTime();
    const { user } = await start({
      weigh_credential: (entry) => ({ ...weigh(entry), facts: { ...NO_FACTS, expires } }),
    });
    await user.click(screen.getByText(/^More:/));
    const field = await screen.findByLabelText('Expires');
    await waitFor(() => expect(screen.getByLabelText('Expires')).toHaveValue('6 May 2031'));
    expect(field.isConnected ? field : screen.getByLabelText('Expires')).toHaveAttribute(
      'readonly',
    );
  });

  it('asks before it throws away what was typed', async () => {
    const { user, onclose } = await start();
    await user.type(screen.getByLabelText('Name'), 'half');
    await user.keyboard('{Escape}');
    const question = await screen.findByRole('alertdialog', { name: /Throw away/ });
    await user.click(within(question).getByRole('button', { name: 'Go on typing' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(screen.getByLabelText('Name')).toHaveValue('half');
    await user.keyboard('{Escape}');
    await user.click(await screen.findByRole('button', { name: 'Throw away' }));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
  });

  it('is not for a role that does not change credentials, which is said', async () => {
    const { user, added } = await start({}, openVault({ role: 'reader', may: ['see'] }));
    expect(screen.getByText('Your role, Reader, does not change credentials.')).toBeVisible();
    await user.paste(KEY);
    await waitFor(() => expect(screen.getByLabelText('Name')).toHaveValue('stripe'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(added()).toEqual([]);
  });
});

describe('the generator', () => {
  async function open() {
    const { user } = await start({
      generate_value: ({ recipe }) => ({
        value: recipe.recipe === 'key' ? 'K'.repeat(recipe.length ?? 0) : 'other',
        public: null,
        bits: 381.1,
      }),
    });
    await user.click(screen.getByRole('button', { name: 'Generate' }));
    const area = await screen.findByRole('dialog', { name: 'Generate a value' });
    return { user, area, dialog: within(area) };
  }

  it('makes a key and tells its strength', async () => {
    const { area, dialog } = await open();
    expect(await dialog.findByText('K'.repeat(64))).toBeVisible();
    expect(dialog.getByRole('meter')).toHaveAttribute('aria-valuetext', '381 bits');
    await expectNoViolations(area);
  });

  it('makes key pairs as their kind wants them, and keeps both halves', async () => {
    for (const [kind, format, label] of [
      ['SSH key', 'openSsh', 'Private key'],
      ['Signing key', 'pkcs8', 'Signing key'],
    ] as const) {
      const { user, backend, unmount } = await start({
        generate_value: () => ({ value: 'made private', public: 'made public', bits: 128 }),
      });
      await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), kind);
      await user.click(screen.getByRole('button', { name: 'Generate' }));
      const dialog = within(await screen.findByRole('dialog', { name: 'Generate a value' }));
      const recipe = dialog.getByRole('combobox', { name: 'Recipe' });
      await user.selectOptions(recipe, 'Key pair, Ed25519');
      await dialog.findByText('made private');
      const asked = () => backend.asked.filter(({ name }) => name === 'generate_value').at(-1);
      await waitFor(() =>
        expect(asked()?.input).toEqual({ recipe: { recipe: 'ed25519', format } }),
      );
      await user.click(dialog.getByRole('button', { name: 'Use value' }));
      expect(screen.getByLabelText(label)).toHaveValue('made private');
      expect(screen.getByLabelText('Public key')).toHaveValue('made public');
      unmount();
    }
  });

  it('leaves no public key beside what is no key pair', async () => {
    const { user } = await start({
      generate_value: ({ recipe }) => ({
        value: recipe.recipe,
        public: recipe.recipe === 'rsa' ? 'made public' : null,
        bits: 128,
      }),
    });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'Signing key');
    for (const [name, recipe, half] of [
      ['Key pair, RSA', 'rsa', 'made public'],
      ['Hexadecimal', 'hex', ''],
    ] as const) {
      await user.click(screen.getByRole('button', { name: 'Generate' }));
      const dialog = within(await screen.findByRole('dialog', { name: 'Generate a value' }));
      await user.selectOptions(dialog.getByRole('combobox', { name: 'Recipe' }), name);
      await dialog.findByText(recipe);
      await user.click(dialog.getByRole('button', { name: 'Use value' }));
      expect(screen.getByLabelText('Public key')).toHaveValue(half);
    }
  });

  it('puts what it made into the form', async () => {
    const { user, dialog } = await open();
    await dialog.findByText('K'.repeat(64));
    await user.click(dialog.getByRole('button', { name: 'Use value' }));
    expect(screen.getByLabelText('Secret')).toHaveValue('K'.repeat(64));
  });
});
