import './theme/mantine-styles.js';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Frame } from './frame.js';
import { modeOfPath } from './mode-of-path.js';

const ModeApp = lazy(() => import('./mode-app.js').then(({ ModeApp }) => ({ default: ModeApp })));
const Door = lazy(() => import('./features/sign-in/door.js').then(({ Door }) => ({ default: Door })));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

/** Test and live are two applications that share files: going from one to the other loads the page anew. */
const mode = modeOfPath(location.pathname);

createRoot(root).render(
  <StrictMode>
    <Frame>
      <Suspense fallback={null}>{mode === null ? <Door /> : <ModeApp mode={mode} />}</Suspense>
    </Frame>
  </StrictMode>,
);
