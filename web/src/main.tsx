import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from './connection/settings.ts';
import { App } from './ui/app.tsx';
import './ui/tokens.css';
import './ui/base.css';

applyTheme();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
