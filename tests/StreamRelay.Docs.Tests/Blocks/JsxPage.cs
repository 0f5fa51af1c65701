namespace StreamRelay.Docs.Blocks;

/// <summary>A program that bundles a JSX module and renders the component that it exports by default.</summary>
internal static class JsxPage
{
    public static string Render(string path) => $$"""
        import { build } from 'esbuild'
        import { createElement } from 'react'
        import { renderToString } from 'react-dom/server'

        await build({ entryPoints: ['{{path}}'], outfile: '{{path}}.mjs', bundle: true, packages: 'external', platform: 'node', format: 'esm', jsx: 'automatic' })
        const { default: Component } = await import('{{path}}.mjs')
        console.log(renderToString(createElement(Component)))
        """;
}
