import { openFileSettings } from '../../../main/node/file-settings.ts';
import { describeSettingsStore } from '../../contracts/settings-store.contract.ts';

describeSettingsStore('a file', openFileSettings);
