using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Create, replace, patch, apply and delete with the real server's preconditions.</summary>
internal static class ObjectWrites
{
    /// <exception cref="ApiError">409 when it exists, 422 when it is invalid.</exception>
    public static WriteResult Create(WriteContext context, JsonObject content)
    {
        CheckType(context, content);
        var name = (string?)content["metadata"]?["name"] ?? "";
        if ((string?)content["metadata"]?["resourceVersion"] is { Length: > 0 })
            throw ApiError.Internal("resourceVersion should not be set on objects to be created");
        return Insert(context, name, content, context.Entry("Update"), 201)
            ?? throw ApiError.AlreadyExists(context.Target, name);
    }

    /// <exception cref="ApiError">404, 409 on another resourceVersion or uid, 422.</exception>
    public static WriteResult Replace(WriteContext context, JsonObject content)
    {
        CheckType(context, content);
        if ((string?)content["metadata"]?["name"] is not { Length: > 0 } name)
            throw ApiError.BadRequest($"the name of the object ({context.Target.Name} based on URL) was undeterminable: name must be provided");
        CheckSameName(context, name);
        var expectsUid = (string?)content["metadata"]?["uid"] is { Length: > 0 };
        // The precondition is checked against the empty object first.
        if (expectsUid && context.Table.Find(context.Target.Namespace, name) is null)
            throw ApiError.Conflict(context.Target, "StorageError: invalid object, Code: 4, Precondition failed: UID in object meta: ");
        return Update(context, context.Entry("Update"), before =>
        {
            var update = content.DeepClone().AsObject();
            var metadata = update["metadata"]!.AsObject();
            if ((string?)metadata["uid"] is { Length: > 0 } uid && uid != before.Uid)
                throw ApiError.Conflict(context.Target, $"StorageError: invalid object, Code: 4, Precondition failed: UID in precondition: {uid}, UID in object meta: {before.Uid}");
            if ((string?)metadata["resourceVersion"] is not { Length: > 0 } && !context.Resource.Type.IsPods)
                throw context.Invalid("metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update");
            return update;
        });
    }

    /// <exception cref="ApiError">404, 409 on another resourceVersion, 422.</exception>
    public static WriteResult Patch(WriteContext context, Func<JsonObject, JsonObject> patch) =>
        Update(context, context.Entry("Update"), before => patch(before.ToJson(context.Resource.TypeMeta)));

    /// <exception cref="ApiError">409 on another resourceVersion or a field of another manager, 422.</exception>
    public static WriteResult Apply(WriteContext context, JsonObject applied, bool force)
    {
        if ((string?)applied["apiVersion"] != context.Resource.ApiVersion)
            throw ApiError.BadRequest($"Incorrect version specified in apply patch. Specified patch version: {applied["apiVersion"]}, expected: {context.Resource.ApiVersion}");
        if (applied["metadata"]?["managedFields"] is not null)
            throw ApiError.BadRequest("metadata.managedFields must be nil");
        if ((string?)applied["metadata"]?["name"] is { } name)
            CheckSameName(context, name);

        while (true)
        {
            if (context.Table.Find(context.Target.Namespace, context.Target.Name!) is null)
            {
                if ((string?)applied["metadata"]?["uid"] is { } uid)
                    throw context.Invalid("metadata.uid", $"Invalid value: \"{uid}\": field is immutable");
                var content = applied.DeepClone().AsObject();
                // The real server drops the precondition of an apply that creates.
                (content["metadata"] as JsonObject)?.Remove("resourceVersion");
                if (Insert(context, context.Target.Name!, content, context.Entry("Apply"), 201) is { } created)
                    return created;
                continue;
            }

            return Update(context, manager: null, before =>
            {
                var current = before.ToJson(context.Resource.TypeMeta);
                var managers = FieldManagers.Of(current);
                var merged = managers.Apply(current, applied, context.Entry("Apply"), force);
                merged["metadata"]!["managedFields"] = managers.ToJson();
                return merged;
            });
        }
    }

    /// <summary>Deletes at once, or marks for deletion while finalizers or a pod's grace period hold the object.</summary>
    /// <exception cref="ApiError">404, 409 on another uid or resourceVersion.</exception>
    public static WriteResult Delete(WriteContext context, DeleteOptions options)
    {
        while (true)
        {
            var before = context.Table.Find(context.Target.Namespace, context.Target.Name!) ?? throw ApiError.NotFound(context.Target);
            options.CheckPreconditions(context, before);
            var content = before.ToJson(context.Resource.TypeMeta);
            var grace = Deletion.GracePeriodOf(content, options.GracePeriodSeconds, context.Resource.Type);
            if (grace == 0 && !Deletion.HasFinalizers(content))
            {
                if (!context.DryRun && !context.Table.TryCommit(before, null))
                    continue;
                return context.Resource.Type.IsPods ? new WriteResult(200, before) : new WriteResult(200, null, Deletion.Success(context, before));
            }

            var after = Deletion.Mark(content, grace, context.Now) ? ObjectEncoder.Encode(content) : before;
            if (ReferenceEquals(after, before) || context.DryRun || context.Table.TryCommit(before, after))
                return new WriteResult(200, after);
        }
    }

    private static WriteResult? Insert(WriteContext context, string name, JsonObject content, FieldManagerEntry manager, int statusCode)
    {
        if (context.Target.Namespace is not null && (string?)content["metadata"]?["namespace"] is { Length: > 0 } other && other != context.Target.Namespace)
            throw ApiError.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        ObjectRules.CheckName(name, context);
        ObjectRules.NormalizeAndCheck(content, context);
        var metadata = content["metadata"]!.AsObject();
        metadata["name"] = name;
        if (context.Target.Namespace is { } ns)
            metadata["namespace"] = ns;
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = ObjectEncoder.Format(context.Now);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        if (context.Resource.Type.IsPods)
        {
            content["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
        }
        else
        {
            metadata["generation"] = 1;
            metadata["managedFields"] = ManagersOfNew(content, manager);
        }

        var created = ObjectEncoder.Encode(content);
        return context.DryRun
            ? context.Table.Find(context.Target.Namespace, name) is null ? new WriteResult(statusCode, created) : null
            : context.Table.TryCommit(null, created) ? new WriteResult(statusCode, created) : null;
    }

    private static JsonArray ManagersOfNew(JsonObject content, FieldManagerEntry manager)
    {
        var managers = new FieldManagers();
        if (manager.Operation == "Apply")
            managers.Apply([], content.DeepClone().AsObject(), manager, force: false);
        else
            managers.RecordUpdate(null, content, manager);
        return managers.ToJson();
    }

    /// <param name="manager">Whose update this is; null when <paramref name="change"/> settles the managed fields itself.</param>
    private static WriteResult Update(WriteContext context, FieldManagerEntry? manager, Func<StoredObject, JsonObject> change)
    {
        while (true)
        {
            var before = context.Table.Find(context.Target.Namespace, context.Target.Name!) ?? throw ApiError.NotFound(context.Target);
            var current = before.ToJson(context.Resource.TypeMeta);
            var update = change(before);
            ObjectRules.NormalizeAndCheck(update, context);
            UpdateRules.Settle(context, before, current, update);
            if (!context.Resource.Type.IsPods)
                UpdateRules.SettleManagers(current, update, manager);

            if (Deletion.IsFinished(update))
            {
                if (context.DryRun || context.Table.TryCommit(before, null))
                    return new WriteResult(200, before);
                continue;
            }

            var after = ObjectEncoder.Encode(update);
            if (after.HasSameContent(before))
                return new WriteResult(200, before);
            if (context.DryRun || context.Table.TryCommit(before, after))
                return new WriteResult(200, after);
        }
    }

    private static void CheckType(WriteContext context, JsonObject content)
    {
        var (kind, version) = ((string?)content["kind"], (string?)content["apiVersion"]);
        // Built-in types take the type from the path when the body has none.
        if (context.Resource.Type.IsPods && kind is null && version is null)
            return;
        if (string.IsNullOrEmpty(kind))
            throw ApiError.BadRequest($"{context.Resource.Type.Kind} in version \"{context.Resource.Version}\" cannot be handled as a {context.Resource.Type.Kind}: Object 'Kind' is missing");
        if (version != context.Resource.ApiVersion)
            throw ApiError.BadRequest($"the API version in the data ({version}) does not match the expected API version ({context.Resource.ApiVersion})");
        if (kind != context.Resource.Type.Kind)
            throw ApiError.Invalid(context.Target.Group, kind, (string?)content["metadata"]?["name"] ?? "", "kind", $"Invalid value: \"{kind}\": must be {context.Resource.Type.Kind}");
    }

    private static void CheckSameName(WriteContext context, string name)
    {
        if (name != context.Target.Name)
            throw ApiError.BadRequest($"the name of the object ({name}) does not match the name on the URL ({context.Target.Name})");
    }
}
