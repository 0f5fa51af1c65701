using StreamRelay.Docs.Reference;

namespace StreamRelay.Docs;

/// <summary>The configuration page and the options classes name the same settings, defaults and ranges.</summary>
public sealed class ConfigurationReferenceTests
{
    // Defaults that depend on the machine or on other settings; the page describes them in words.
    private static readonly string[] Computed = ["DataPath", "Node", "Stream", "Consumer", "DeadLetter"];

    // Options that are set from other options, and from no section of their own.
    private static readonly string[] Derived = ["ProcessHostOptions", "RetentionOptions"];

    [Fact]
    public void The_page_describes_every_setting_and_no_other()
    {
        var described = SettingTable.Read().Select(setting => setting.Key).ToList();
        var defined = SettingReflection.Read().Select(setting => setting.Key).ToList();

        Assert.True(defined.All(described.Contains), $"{SettingTable.PageName} has no row for: {string.Join(", ", defined.Except(described))}");
        Assert.True(described.All(defined.Contains), $"{SettingTable.PageName} describes what no options class has: {string.Join(", ", described.Except(defined))}");
    }

    [Fact]
    public void Defaults_and_ranges_are_those_of_the_options_classes()
    {
        var described = SettingTable.Read().ToDictionary(setting => setting.Key);

        Assert.All(SettingReflection.Read().Where(setting => described.ContainsKey(setting.Key)), setting =>
        {
            if (!Computed.Contains(setting.Key.Split(':')[^1]))
                Assert.Equal((setting.Key, setting.Default), (setting.Key, described[setting.Key].Default));
            if (setting.Range.Length > 0)
                Assert.Equal((setting.Key, setting.Range), (setting.Key, described[setting.Key].Range));
        });
    }

    [Fact]
    public void Every_options_class_belongs_to_a_section() =>
        Assert.Empty(SettingReflection.WithoutSection.Where(type => !Derived.Contains(type.Name)).Select(type => type.FullName));
}
