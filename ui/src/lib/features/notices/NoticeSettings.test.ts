import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settings, Window } from '$lib/bindings';
import { rehearsed } from '$lib/backend/rehearsed';
import { expectNoViolations } from '$lib/design/testing/axe';
import { SettingsState } from '$lib/features/settings/settings.svelte';
import NoticeSettings from './NoticeSettings.svelte';

const NIGHTS: Window = {
  days: [1, 2, 3, 4, 5, 6, 7],
  opens: 20 * 60,
  minutes: 11 * 60,
  zone: 'Europe/Berlin',
};

// A few of the four hundred.
beforeEach(() => {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(['Asia/Tokyo', 'Europe/Berlin']);
});

function start(quiet: Window | null) {
  const backend = rehearsed({ save_settings: (settings) => ({ settings, problem: null }) });
  const settings = new SettingsState(backend);
  settings.settings = { ...settings.settings, quiet };
  render(NoticeSettings, { settings });
  const saved = () => backend.asked.map(({ input }) => input as Settings);
  return { saved, user: userEvent.setup() };
}

async function retype(user: ReturnType<typeof userEvent.setup>, label: string, text: string) {
  const field = screen.getByLabelText(label);
  await user.clear(field);
  await user.type(field, text);
  await user.tab();
}

describe('quiet hours', () => {
  it('are every night when they are turned on, and none when they are turned off', async () => {
    const { saved, user } = start(null);
    const quiet = screen.getByRole('switch', { name: 'Quiet hours' });
    expect(screen.queryByLabelText('From')).toBeNull();
    await user.click(quiet);
    await screen.findByLabelText('From');
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(saved().at(-1)?.quiet).toEqual({ ...NIGHTS, zone });
    await expectNoViolations();
    await user.click(quiet);
    await waitFor(() => expect(screen.queryByLabelText('From')).toBeNull());
    expect(saved().at(-1)?.quiet).toBeNull();
  });

  it('have a begin, an end, a time zone and days', async () => {
    const { saved, user } = start(NIGHTS);
    await retype(user, 'From', '22:30');
    await retype(user, 'To', '6:00');
    expect(saved().at(-1)?.quiet).toEqual({ ...NIGHTS, opens: 22 * 60 + 30, minutes: 450 });
    await user.selectOptions(screen.getByLabelText('Time zone'), 'Asia/Tokyo');
    await user.click(screen.getByRole('checkbox', { name: 'Sun' }));
    expect(saved().at(-1)?.quiet).toEqual({
      days: [1, 2, 3, 4, 5, 6],
      opens: 22 * 60 + 30,
      minutes: 450,
      zone: 'Asia/Tokyo',
    });
  });

  it.each([
    ['From', '24:30', 'From', /a time as in 20:00/],
    ['To', 'seven', 'To', /a time as in 20:00/],
    ['To', '20:00', 'To', /23 hours at most/],
    ['To', '19:30', 'To', /23 hours at most/],
  ])('are not kept while %s is %s, which is said', async (label, text, at, words) => {
    const { saved, user } = start(NIGHTS);
    await retype(user, label, text);
    expect(screen.getByLabelText(at)).toHaveAccessibleDescription(words);
    expect(saved()).toEqual([]);
  });

  it('are not kept without a day, which is said', async () => {
    const { saved, user } = start({ ...NIGHTS, days: [7] });
    await user.click(screen.getByRole('checkbox', { name: 'Sun' }));
    expect(screen.getByRole('group', { name: /^Days/ })).toHaveAccessibleDescription(
      'Choose at least one day.',
    );
    expect(saved()).toEqual([]);
  });
});

it('starts at login once that is turned on', async () => {
  const { saved, user } = start(null);
  const login = screen.getByRole('switch', { name: 'Start at login' });
  expect(login).not.toBeChecked();
  await user.click(login);
  expect(saved().at(-1)?.startAtLogin).toBe(true);
  expect(login).toBeChecked();
});

describe('names in notices', () => {
  it('are off, and what they reveal is said where they are turned on', async () => {
    const { saved, user } = start(null);
    const names = screen.getByRole('switch', { name: 'Names in notices' });
    expect(names).not.toBeChecked();
    expect(screen.getByText(/Whoever sees your screen can read them/)).toBeVisible();
    await user.click(names);
    expect(saved().at(-1)?.namesInNotices).toBe(true);
    expect(names).toBeChecked();
  });
});
