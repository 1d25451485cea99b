import { resolve } from 'node:path';
import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import script from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };

// The plugin makes the document. Its own page loads a script from a CDN; the page here works offline.

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Customers API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/api/swagger/ui.css">
</head>
<body>
  <div id="ui"></div>
  <script src="/api/swagger/ui.js"></script>
  <script src="/api/swagger/start.js"></script>
</body>
</html>
`;

// Scripts and styles from this server's files only, nothing from other origins, no framing.
const policy =
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';
  base-uri 'none'; form-action 'none'; frame-ancestors 'none'`.replace(/\s+/g, ' ');

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const start = `SwaggerUIBundle({ url: '/api/swagger/json', dom_id: '#ui', validatorUrl: null, deepLinking: true });\n`;

/** An imported file; `npm run build` makes its path relative to this module. */
const file = (path: unknown) => Bun.file(resolve(import.meta.dir, path as string));

const part = (content: BodyInit, type: string) =>
  new Response(content, {
    headers: { 'content-type': type, 'cache-control': 'max-age=86400', 'x-content-type-options': 'nosniff' },
  });

/** The docs page at /api/swagger and its document at /api/swagger/json. */
export const docs = (room: string) =>
  new Elysia()
    .use(
      swagger({
        path: '/api/swagger', // the plugin's page, which ours replaces below
        specPath: '/api/swagger/json',
        exclude: ['/api/swagger', '/api/swagger/', /^\/api\/swagger\//, /^\/(health|ready|metrics)$/],
        documentation: {
          // These are JSON Schema, of which OpenAPI 3.0 supports only a part.
          openapi: '3.1.0',
          info: {
            title: `Customers (${room})`,
            version: '1.0.0',
            description: 'List, search, read and write customers.',
          },
          components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        },
      }),
    )
    .get('/api/swagger', () => new Response(page, { headers: pageHeaders }))
    .get('/api/swagger/start.js', () => part(start, 'text/javascript'))
    .get('/api/swagger/ui.js', () => part(file(script), 'text/javascript'))
    .get('/api/swagger/ui.css', () => part(file(style), 'text/css'));
