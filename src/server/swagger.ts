import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import script from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };

// The plugin makes the document; its own page loads a script from a CDN, so the page is ours, and works offline.

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
  <script>
    SwaggerUIBundle({ url: '/api/swagger/json', dom_id: '#ui', validatorUrl: null, deepLinking: true });
  </script>
</body>
</html>
`;

const file = (path: unknown, type: string) =>
  new Response(Bun.file(path as string), {
    headers: { 'content-type': type, 'cache-control': 'max-age=86400' },
  });

/** The docs page at /api/swagger and its document at /api/swagger/json. */
export const docs = (room: string) =>
  new Elysia()
    .use(
      swagger({
        path: '/api/swagger/plugin',
        specPath: '/api/swagger/json',
        exclude: ['/api/swagger', '/api/swagger/', /^\/api\/swagger\//, /^\/(health|ready|metrics)$/],
        documentation: {
          info: {
            title: `Customers (${room})`,
            version: '1.0.0',
            description: 'List, search, read and write customers.',
          },
          components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
        },
      }),
    )
    .get(
      '/api/swagger',
      () => new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    )
    .get('/api/swagger/ui.js', () => file(script, 'text/javascript'))
    .get('/api/swagger/ui.css', () => file(style, 'text/css'));
