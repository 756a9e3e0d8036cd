// Draws the icons of the tray: icons/tray/NAME.svg becomes icons/tray/NAME.png. Run it by hand after a change.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE = '48';
const folder = join(import.meta.dirname, '../icons/tray');
const drawn = mkdtempSync(join(tmpdir(), 'keyturn-icons-'));
for (const file of readdirSync(folder).filter((name) => name.endsWith('.svg'))) {
  const args = ['tauri', 'icon', join(folder, file), '--output', drawn, '--png', SIZE];
  execFileSync('npx', args, { stdio: 'inherit' });
  copyFileSync(join(drawn, `${SIZE}x${SIZE}.png`), join(folder, file.replace('.svg', '.png')));
}
rmSync(drawn, { recursive: true });
