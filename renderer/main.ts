import { mount } from 'svelte';
import { z } from 'zod';
import App from './App.svelte';
import { connection } from './api.ts';

// zod would try to compile its checks, which the page's policy forbids and reports.
z.config({ jitless: true });

connection.open();
mount(App, { target: document.querySelector('#app')! });
