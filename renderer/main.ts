import { mount } from 'svelte';
import './ui/base.css';
import App from './App.svelte';
import { connection } from './api.ts';
import { theme } from './ui/theme.svelte.ts';

theme.apply();
connection.open();
mount(App, { target: document.querySelector('#app')! });
