import { mount } from 'svelte';
import { z } from 'zod';
import './ui/base.css';
import App from './App.svelte';
import { connection } from './api.ts';
import { theme } from './ui/theme.svelte.ts';

// zod would try to compile its checks, which the page's policy forbids and reports.
z.config({ jitless: true });

theme.apply();
connection.open();
mount(App, { target: document.querySelector('#app')! });
